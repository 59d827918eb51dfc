import { useTranslation } from 'react-i18next'
import type { Clash } from '@/api/change'

/** What the form wants, what somebody else has set meanwhile, and what it was. */
export function Clashes({ clashes }: { clashes: readonly Clash[] }) {
  const { t } = useTranslation('kit')
  return (
    <>
      <div className="mk-clashes">
        <table data-testid="kit.clashes">
          <thead>
            <tr>
              <th scope="col">{t('clash.field')}</th>
              <th scope="col">{t('clash.yours')}</th>
              <th scope="col">{t('clash.now')}</th>
              <th scope="col">{t('clash.before')}</th>
            </tr>
          </thead>
          <tbody>
            {clashes.map(({ name, yours, now, before }) => (
              <tr key={name}>
                <th scope="row">
                  <code>{name}</code>
                </th>
                <td>{written(yours)}</td>
                <td>{written(now)}</td>
                <td>{written(before)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <p>{t('clash.next')}</p>
    </>
  )
}

function written(value: unknown): string {
  if (value === null || value === undefined || value === '') return '–'
  if (Array.isArray(value)) return value.map(written).join(', ') || '–'
  return typeof value === 'object' ? JSON.stringify(value) : String(value)
}
