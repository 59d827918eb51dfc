import type { Area } from '@/app/area'

const area: Area = {
  name: 'problems',
  pages: [
    {
      path: '/problems',
      load: () => import('./ProblemsPage'),
      rights: ['call.read', 'push.read'],
      menu: { group: 'overview', label: 'problems', order: 2 },
    },
  ],
}

export default area
