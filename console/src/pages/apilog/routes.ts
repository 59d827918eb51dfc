import type { Area } from '@/app/area'

const area: Area = {
  name: 'apilog',
  pages: [
    {
      path: '/api-log',
      load: () => import('./ApiLogPage'),
      rights: ['api_log.read'],
      menu: { group: 'develop', label: 'apiLog', order: 2 },
    },
  ],
}

export default area
