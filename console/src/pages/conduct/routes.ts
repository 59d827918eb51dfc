import type { Area } from '@/app/area'

/** Who breaks the rules of use, and what the platform earns: for its own people, and tenants of theirs. */
const area: Area = {
  name: 'conduct',
  pages: [
    {
      path: '/platform/complaints',
      load: () => import('./ComplaintsPage'),
      rights: ['complaint.write'],
      menu: { group: 'platform', label: 'complaints', order: 15 },
    },
    {
      path: '/settings/complaints',
      load: () => import('./ComplaintsPage'),
      rights: ['complaint.read'],
      unless: 'complaint.write',
      menu: { group: 'settings', label: 'complaints', order: 20 },
    },
    {
      path: '/platform/reports',
      load: () => import('./ReportsPage'),
      rights: ['report.read'],
      menu: { group: 'platform', label: 'reports', order: 16 },
    },
  ],
}

export default area
