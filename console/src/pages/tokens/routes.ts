import type { Area } from '@/app/area'

const area: Area = {
  name: 'tokens',
  pages: [
    {
      path: '/tokens',
      load: () => import('./TokensPage'),
      rights: ['token.write', 'token.own'],
      menu: { group: 'develop', label: 'tokens', order: 4 },
    },
  ],
}

export default area
