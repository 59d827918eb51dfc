import type { Area } from '@/app/area'

const area: Area = {
  name: 'docs',
  pages: [
    {
      path: '/docs',
      load: () => import('./DocsPage'),
      menu: { group: 'develop', label: 'docs', order: 5 },
    },
    { path: '/docs/$', load: () => import('./DocsPage') },
  ],
}

export default area
