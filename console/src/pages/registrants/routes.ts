import type { Area } from '@/app/area'

const area: Area = {
  name: 'registrants',
  pages: [
    {
      path: '/actual-users',
      load: () => import('./ActualUsersPage'),
      rights: ['registrant.read'],
      unless: 'registrant.review',
      menu: { group: 'numbers', label: 'actualUsers', order: 7 },
    },
    {
      path: '/platform/actual-users',
      load: () => import('./ActualUsersPage'),
      rights: ['registrant.review'],
      menu: { group: 'platform', label: 'actualUsers', order: 11.5 },
    },
  ],
}

export default area
