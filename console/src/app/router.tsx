import { createRootRoute, createRoute, createRouter } from '@tanstack/react-router'
import { lazy } from 'react'
import { type Page, pages } from './area'
import { Guarded } from './Guarded'
import { HomeRedirect } from './HomeRedirect'
import { Shell } from './Shell'
import { NotFound, PageCrashed } from './trouble'
import { parseSearch, writeSearch } from './url'

const root = createRootRoute({ component: Shell, notFoundComponent: NotFound })

const home = createRoute({ getParentRoute: () => root, path: '/', component: HomeRedirect })

function routeOf(page: Page) {
  const Content = lazy(page.load)
  return createRoute({
    getParentRoute: () => root,
    path: page.path,
    component: () => (
      <Guarded page={page}>
        <Content />
      </Guarded>
    ),
    // Its code comes when the pointer is over a link to it.
    loader: () => page.load().then(() => null),
  })
}

export const router = createRouter({
  routeTree: root.addChildren([home, ...pages.map(routeOf)]),
  basepath: '/console',
  parseSearch,
  stringifySearch: writeSearch,
  defaultPreload: 'intent',
  defaultErrorComponent: PageCrashed,
  defaultNotFoundComponent: NotFound,
  scrollRestoration: true,
})
