import type { Area } from '@/app/area'

const area: Area = {
  name: 'numbers',
  pages: [
    {
      path: '/numbers',
      load: () => import('./NumbersPage'),
      rights: ['number.read'],
      menu: { group: 'numbers', label: 'numbers', order: 1 },
    },
    {
      path: '/numbers/import',
      load: () => import('./NumberImportPage'),
      rights: ['number.write'],
      menu: { group: 'numbers', label: 'numberImport', order: 2 },
    },
    {
      path: '/numbers/import/$job',
      load: () => import('./NumberImportPage'),
      rights: ['number.read'],
    },
    {
      path: '/numbers/sms',
      load: () => import('./SmsImportPage'),
      rights: ['number.write'],
      menu: { group: 'numbers', label: 'smsCapability', order: 3 },
    },
    { path: '/numbers/sms/$job', load: () => import('./SmsImportPage'), rights: ['number.read'] },
    {
      path: '/numbers/jobs/$job',
      load: () => import('./NumberJobPage'),
      rights: ['number.read'],
    },
    {
      path: '/real-name',
      load: () => import('./RealNamePage'),
      rights: ['number.read'],
      menu: { group: 'numbers', label: 'realName', order: 6 },
    },
    { path: '/numbers/$id', load: () => import('./NumberPage'), rights: ['number.read'] },
  ],
}

export default area
