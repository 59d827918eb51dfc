import type { Area } from '@/app/area'

const area: Area = {
  name: 'statistics',
  pages: [
    {
      path: '/statistics',
      load: () => import('./StatisticsPage'),
      rights: ['statistics.read'],
      menu: { group: 'traffic', label: 'statistics', order: 5 },
    },
  ],
}

export default area
