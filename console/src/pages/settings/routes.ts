import type { Area } from '@/app/area'

const area: Area = {
  name: 'settings',
  pages: [
    {
      path: '/settings/profile',
      load: () => import('./ProfilePage'),
      menu: { group: 'settings', label: 'profile', order: 1 },
    },
    {
      path: '/settings/security',
      load: () => import('./SecurityPage'),
      menu: { group: 'settings', label: 'security', order: 2 },
    },
    {
      path: '/settings/team',
      load: () => import('./TeamPage'),
      rights: ['user.write'],
      menu: { group: 'settings', label: 'team', order: 3 },
    },
    {
      path: '/settings/audit',
      load: () => import('./AuditPage'),
      rights: ['audit.read', 'audit.own'],
      menu: { group: 'settings', label: 'audit', order: 4 },
    },
  ],
}

export default area
