import type { Area } from '@/app/area'

const area: Area = {
  name: 'endpoints',
  pages: [
    {
      path: '/endpoints',
      load: () => import('./EndpointsPage'),
      rights: ['push.read'],
      menu: { group: 'pushes', label: 'endpoints', order: 3 },
    },
  ],
}

export default area
