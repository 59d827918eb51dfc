import type { Area } from '@/app/area'

const area: Area = {
  name: 'apps',
  pages: [
    {
      path: '/apps',
      load: () => import('./AppsPage'),
      rights: ['application.read'],
      menu: { group: 'apps', label: 'apps', order: 1 },
    },
    { path: '/apps/$key', load: () => import('./AppPage'), rights: ['application.read'] },
  ],
}

export default area
