import type { Area } from '@/app/area'

const area: Area = {
  name: 'pushes',
  pages: [
    {
      path: '/pushes',
      load: () => import('./PushesPage'),
      rights: ['push.read'],
      menu: { group: 'pushes', label: 'pushes', order: 1 },
    },
    {
      path: '/pushes/dead',
      load: () => import('./DeadLettersPage'),
      rights: ['push.read'],
      menu: { group: 'pushes', label: 'deadLetters', order: 2 },
    },
  ],
}

export default area
