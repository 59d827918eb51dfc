import type { Area } from '@/app/area'

const area: Area = {
  name: 'sandbox',
  pages: [
    {
      path: '/sandbox',
      load: () => import('./SandboxPage'),
      rights: ['sandbox.use'],
      menu: { group: 'develop', label: 'sandbox', order: 1 },
    },
  ],
}

export default area
