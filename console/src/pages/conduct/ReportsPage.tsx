import '@/kit/table.css'
import './conduct.css'
import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { ask, type Query } from '@/api/client'
import { CopyCurl } from '@/kit/CopyCurl'
import { EmptyState } from '@/kit/EmptyState'
import { ErrorBox } from '@/kit/ErrorBox'
import { formatCount, formatShare } from '@/kit/format'
import { PageHead } from '@/kit/PageHead'
import { Skeleton } from '@/kit/Skeleton'
import { useUrl } from '@/kit/useUrl'
import { formatAmount, type Report } from './conduct'
import { ReportChart } from './ReportChart'
import { ReportTable } from './ReportTable'

const BYS = ['tenant', 'day', 'both'] as const

/** What do tenants use, what do they bring in, and who complains of them? */
export default function ReportsPage() {
  const { t, i18n } = useTranslation('conduct')
  const [url, change] = useUrl()
  const by = BYS.find((one) => one === url.by) ?? 'tenant'
  const span: Query = { since: url.since, until: url.until, tenant_id: url.tenant_id }
  const course = useReport({ ...span, by: 'day' })
  const { data, error, refetch } = useReport({ ...span, by })
  const total = data?.total
  return (
    <>
      <PageHead
        title={t('report.title')}
        verdict={
          total &&
          t('report.verdict', {
            calls: formatCount(total.calls),
            share: formatShare(total.connected, total.calls),
            revenue: formatAmount(total.revenue, data.currency, i18n.language),
            complaints: formatCount(total.complaints),
          })
        }
        actions={<CopyCurl path="/reports" asking={{ query: { ...span, by } }} />}
      />
      <search className="mk-filters conduct-span" aria-label={t('report.span')}>
        {(['since', 'until'] as const).map((name) => (
          <label key={name}>
            {t(`report.${name}`)}
            <input
              type="date"
              className="mk-input"
              value={url[name] ?? data?.[name] ?? ''}
              data-testid={`report.${name}`}
              onChange={(event) => change({ [name]: event.target.value || null })}
            />
          </label>
        ))}
        <label>
          {t('report.by.label')}
          <select
            className="mk-select"
            value={by}
            data-testid="report.by"
            onChange={(event) => change({ by: event.target.value })}
          >
            {BYS.map((one) => (
              <option key={one} value={one}>
                {t(`report.by.${one}`)}
              </option>
            ))}
          </select>
        </label>
      </search>
      {error !== null && <ErrorBox error={error} onRetry={() => void refetch()} />}
      {!data && error === null && <Skeleton rows={6} />}
      {data?.items.length === 0 && (
        <EmptyState title={t('report.empty')}>{t('report.emptyWhy')}</EmptyState>
      )}
      {course.data && course.data.items.length > 0 && (
        <section className="mk-card">
          <h2>{t('report.course')}</h2>
          <ReportChart report={course.data} />
        </section>
      )}
      {data && data.items.length > 0 && (
        <section className="mk-card">
          <ReportTable report={data} by={by} />
        </section>
      )}
      <Files />
    </>
  )
}

function useReport(query: Query) {
  return useQuery({
    queryKey: ['/reports', undefined, query],
    queryFn: ({ signal }) => ask<Report>('GET', '/reports', { query, signal }),
    placeholderData: (before) => before,
  })
}

/** The reports of days that are over, as they were kept. */
function Files() {
  const { t } = useTranslation('conduct')
  const { data } = useQuery({
    queryKey: ['/reports/days'],
    queryFn: ({ signal }) => ask<{ items: readonly string[] }>('GET', '/reports/days', { signal }),
  })
  return (
    <section className="mk-card" data-testid="report.files">
      <h2>{t('report.files')}</h2>
      {data?.items.length === 0 && <p className="mk-quiet">{t('report.noFiles')}</p>}
      <ul className="conduct-files">
        {(data?.items ?? []).map((day) => (
          <li key={day}>
            {day}{' '}
            {(['xlsx', 'csv'] as const).map((ending) => (
              <a
                key={ending}
                href={`/manage/v1/reports/${day}/${ending}`}
                download={`report-${day}.${ending}`}
              >
                {ending.toUpperCase()}
              </a>
            ))}
          </li>
        ))}
      </ul>
    </section>
  )
}
