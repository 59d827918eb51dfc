import type { Area } from '@/app/area'

const area: Area = {
  name: 'overview',
  pages: [
    {
      path: '/overview',
      load: () => import('./OverviewPage'),
      rights: ['overview.read'],
      menu: { group: 'overview', label: 'overview', order: 1 },
    },
  ],
}

export default area
