import type { Area } from '@/app/area'

const area: Area = {
  name: 'ordering',
  pages: [
    {
      path: '/orders',
      load: () => import('./OrdersPage'),
      rights: ['order.read'],
      unless: 'order.review',
      menu: { group: 'numbers', label: 'orders', order: 6 },
    },
    { path: '/orders/new', load: () => import('./OrderFormPage'), rights: ['order.write'] },
    {
      path: '/enterprises',
      load: () => import('./EnterprisesPage'),
      rights: ['enterprise.read'],
      unless: 'enterprise.review',
      menu: { group: 'settings', label: 'enterprises', order: 6 },
    },
    {
      path: '/enterprises/$id',
      load: () => import('./EnterprisePage'),
      rights: ['enterprise.read'],
    },
    {
      path: '/activation',
      load: () => import('./ActivationPage'),
      rights: ['enterprise.write'],
      menu: { group: 'settings', label: 'activation', order: 5 },
    },
    {
      path: '/settings/contacts',
      load: () => import('./ContactsPage'),
      rights: ['enterprise.write'],
      menu: { group: 'settings', label: 'contacts', order: 7 },
    },
    {
      path: '/platform/activations',
      load: () => import('./ActivationReviewsPage'),
      rights: ['enterprise.review'],
    },
    {
      path: '/platform/enterprises',
      load: () => import('./EnterpriseReviewsPage'),
      rights: ['enterprise.review'],
    },
    {
      path: '/platform/orders',
      load: () => import('./OrderReviewsPage'),
      rights: ['order.review'],
      menu: { group: 'platform', label: 'orderReviews', order: 8 },
    },
  ],
}

export default area
