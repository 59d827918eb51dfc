import type { Area } from '@/app/area'

const area: Area = {
  name: 'calls',
  pages: [
    {
      path: '/calls',
      load: () => import('./CallsPage'),
      rights: ['call.read'],
      menu: { group: 'traffic', label: 'calls', order: 1 },
    },
    {
      path: '/calls/live',
      load: () => import('./LiveCallsPage'),
      rights: ['call.read'],
      menu: { group: 'traffic', label: 'liveCalls', order: 2 },
    },
    { path: '/calls/$session', load: () => import('./CallPage'), rights: ['call.read'] },
  ],
}

export default area
