import type { Area } from '@/app/area'

const area: Area = {
  name: 'messages',
  pages: [
    {
      path: '/messages',
      load: () => import('./MessagesPage'),
      rights: ['message.read'],
      menu: { group: 'traffic', label: 'messages', order: 3 },
    },
  ],
}

export default area
