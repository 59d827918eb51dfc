import type { Area } from '@/app/area'

const area: Area = {
  name: 'money',
  pages: [
    {
      path: '/money',
      load: () => import('./MoneyPage'),
      rights: ['money.read'],
      unless: 'money.write',
      menu: { group: 'money', label: 'money', order: 1 },
    },
    {
      path: '/platform/money',
      load: () => import('./PlatformMoneyPage'),
      rights: ['money.write'],
      menu: { group: 'platform', label: 'platformMoney', order: 10.5 },
    },
    {
      path: '/platform/money/$tenant',
      load: () => import('./TenantMoneyPage'),
      rights: ['money.write'],
    },
  ],
}

export default area
