import type { Area } from '@/app/area'

const area: Area = {
  name: 'bindings',
  pages: [
    {
      path: '/bindings',
      load: () => import('./BindingsPage'),
      rights: ['binding.read'],
      menu: { group: 'numbers', label: 'bindings', order: 4 },
    },
    {
      path: '/bindings/new',
      load: () => import('./BindPage'),
      rights: ['binding.write', 'sandbox.use'],
    },
    { path: '/bindings/$id', load: () => import('./BindingPage'), rights: ['binding.read'] },
  ],
}

export default area
