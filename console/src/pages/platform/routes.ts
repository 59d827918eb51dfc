import type { Area } from '@/app/area'

const page = (
  path: string,
  load: Area['pages'][number]['load'],
  right: string,
  label: string,
  order: number,
): Area['pages'][number] => ({
  path: `/platform/${path}`,
  load,
  rights: [right],
  menu: { group: 'platform', label, order },
})

/** Rights that nobody of a tenant can have: all but the last page are for the platform's people. */
const area: Area = {
  name: 'platform',
  pages: [
    page('health', () => import('./HealthPage'), 'setting.read', 'platformHealth', 1),
    page('live', () => import('../calls/LiveCallsPage'), 'setting.read', 'platformLive', 2),
    page('trunks', () => import('./TrunksPage'), 'trunk.write', 'trunks', 3),
    page('refusals', () => import('./RefusalsPage'), 'trunk.write', 'refusals', 4),
    page('routes', () => import('./RoutesPage'), 'trunk.write', 'routes', 5),
    page('smpp', () => import('./LinksPage'), 'sms_link.write', 'smpp', 6),
    page('media', () => import('./MediaPage'), 'media.read', 'media', 7),
    page('delivery', () => import('./DeliveryPage'), 'setting.read', 'delivery', 8),
    page('tenants', () => import('./TenantsPage'), 'tenant.read', 'tenants', 9),
    page('numbers', () => import('../numbers/NumbersPage'), 'tenant.read', 'inventory', 10),
    page('stock', () => import('./StockPage'), 'stock.read', 'stock', 11),
    {
      path: '/platform/stock/import',
      load: () => import('./StockImportPage'),
      rights: ['stock.write'],
    },
    {
      path: '/platform/stock/import/$job',
      load: () => import('./StockImportPage'),
      rights: ['stock.read'],
    },
    page('guard', () => import('./GuardPage'), 'guard.write', 'guard', 12),
    page('locked', () => import('./LockedPage'), 'guard.write', 'locked', 13),
    page('settings', () => import('./SettingsPage'), 'setting.read', 'settings', 14),
    {
      path: '/numbers/guard',
      load: () => import('./GuardPage'),
      rights: ['call_rule.read'],
      unless: 'guard.write',
      menu: { group: 'numbers', label: 'guard', order: 5 },
    },
  ],
}

export default area
