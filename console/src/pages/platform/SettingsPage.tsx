import './platform.css'
import '@/kit/table.css'
import { useQuery } from '@tanstack/react-query'
import { useId } from 'react'
import { useTranslation } from 'react-i18next'
import { ask, type Schema } from '@/api/client'
import { CopyCurl } from '@/kit/CopyCurl'
import { ErrorBox } from '@/kit/ErrorBox'
import { PageHead } from '@/kit/PageHead'
import { Skeleton } from '@/kit/Skeleton'
import { StateTag } from '@/kit/StateTag'
import { useUrl } from '@/kit/useUrl'

type Setting = Schema<'SettingView'>

/** What is set, what it does, and what differs from the default. */
export default function SettingsPage() {
  const { t } = useTranslation('platform')
  const [url, change] = useUrl()
  const { data, error, refetch } = useQuery({
    queryKey: ['/settings'],
    queryFn: () => ask<Schema<'SettingsView'>>('GET', '/settings'),
  })
  const wanted = (url.q ?? '').toLowerCase()
  const rows = (data?.items ?? []).filter(
    (one) =>
      (url.changed !== 'true' || one.is_changed) &&
      `${one.section}.${one.name} ${one.meaning}`.toLowerCase().includes(wanted),
  )
  const count = data?.items.filter((one) => one.is_changed).length ?? 0
  return (
    <>
      <PageHead
        title={t('setting.title')}
        verdict={data && t('setting.verdict', { count, worker: data.worker })}
        actions={<CopyCurl path="/settings" asking={{}} />}
      />
      <p className="mk-quiet">{t('setting.restart')}</p>
      <div className="platform-tools">
        <label>
          {t('setting.find')}{' '}
          <input
            className="mk-input"
            type="search"
            maxLength={60}
            value={url.q ?? ''}
            data-testid="platform.settings.find"
            onChange={(event) => change({ q: event.target.value || null }, { replace: true })}
          />
        </label>
        <label>
          <input
            type="checkbox"
            checked={url.changed === 'true'}
            data-testid="platform.settings.changed"
            onChange={(event) => change({ changed: event.target.checked ? 'true' : null })}
          />{' '}
          {t('setting.changedOnly')}
        </label>
      </div>
      {error && <ErrorBox error={error} onRetry={() => void refetch()} />}
      {!data && !error && <Skeleton rows={10} />}
      {data && rows.length === 0 && <p role="status">{t('setting.empty')}</p>}
      {rows.length > 0 && <SettingTable rows={rows} />}
    </>
  )
}

function SettingTable({ rows }: { rows: readonly Setting[] }) {
  const { t } = useTranslation('platform')
  const heading = useId()
  return (
    <div className="mk-table platform-settings">
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reached by keyboard */}
      <section className="mk-scroll" tabIndex={0} aria-labelledby={heading}>
        <table data-testid="platform.settings">
          <caption id={heading}>{t('setting.caption')}</caption>
          <thead>
            <tr>
              <th scope="col">{t('setting.name')}</th>
              <th scope="col">{t('setting.value')}</th>
              <th scope="col">{t('setting.default')}</th>
              <th scope="col">{t('setting.unit')}</th>
              <th scope="col">{t('setting.meaning')}</th>
            </tr>
          </thead>
          <tbody>
            {rows.map((one) => (
              <tr key={`${one.section}.${one.name}`}>
                <td>
                  <code>
                    {one.section}.{one.name}
                  </code>
                  {one.variable && (
                    <>
                      <br />
                      <code className="mk-quiet">{one.variable}</code>
                    </>
                  )}
                </td>
                <td className="platform-value">
                  <Shown setting={one} value={one.value} />{' '}
                  {one.is_changed && <StateTag>{t('setting.isChanged')}</StateTag>}
                </td>
                <td className="platform-value">
                  {one.is_secret ? '–' : <Shown setting={one} value={one.default} />}
                </td>
                <td>
                  {one.unit ? t(`setting.units.${one.unit}`, { defaultValue: one.unit }) : '–'}
                </td>
                <td>{one.meaning}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </section>
    </div>
  )
}

function Shown({ setting, value }: { setting: Setting; value: unknown }) {
  const { t } = useTranslation('platform')
  if (setting.is_secret) return setting.is_set ? t('isSet') : t('isNotSet')
  if (typeof value === 'boolean') return value ? t('yes') : t('no')
  if (value === '' || (Array.isArray(value) && value.length === 0)) return t('setting.nothing')
  return <code>{Array.isArray(value) ? value.join(', ') : String(value)}</code>
}
