import type { Area } from '@/app/area'

const area: Area = {
  name: 'recordings',
  pages: [
    {
      path: '/recordings',
      load: () => import('./RecordingsPage'),
      rights: ['recording.read'],
      menu: { group: 'traffic', label: 'recordings', order: 4 },
    },
  ],
}

export default area
