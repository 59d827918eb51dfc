import type { Area } from '@/app/area'

const area: Area = {
  name: 'prompts',
  pages: [
    {
      path: '/prompts',
      load: () => import('./PromptsPage'),
      rights: ['prompt.read'],
      menu: { group: 'apps', label: 'prompts', order: 2 },
    },
    {
      path: '/platform/reviews',
      load: () => import('./ReviewsPage'),
      rights: ['prompt.review'],
      menu: { group: 'platform', label: 'reviews', order: 7 },
    },
  ],
}

export default area
