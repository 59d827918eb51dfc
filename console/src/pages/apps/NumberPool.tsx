import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { ask, type Schema } from '@/api/client'
import { ErrorBox } from '@/kit/ErrorBox'
import { formatCount } from '@/kit/format'
import { Skeleton } from '@/kit/Skeleton'
import type { Application } from './application'

const COUNTS = ['total', 'usable', 'free', 'bound', 'left'] as const

/** Where its numbers are, and how much room they have. */
export function NumberPool({ app }: { app: Application }) {
  const { t, i18n } = useTranslation('apps')
  const isChinese = i18n.language.startsWith('zh')
  const { data, error, refetch } = useQuery({
    queryKey: ['/applications', app.app_key, 'number-pool'],
    queryFn: () =>
      ask<Schema<'NumberPoolView'>>('GET', '/applications/{app_key}/number-pool', {
        params: { app_key: app.app_key },
      }),
  })
  return (
    <section className="mk-card" id="numbers" data-testid="app.numbers">
      <h2>{t('section.numbers')}</h2>
      {error && !data && <ErrorBox error={error} onRetry={() => void refetch()} />}
      {!data && !error && <Skeleton rows={3} />}
      {data && data.items.length === 0 && <p>{t('pool.none')}</p>}
      {data && data.items.length > 0 && (
        <>
          <p className="mk-quiet">{t('pool.each', { n: formatCount(data.per_number) })}</p>
          {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reached by keyboard */}
          <section className="apps-scroll" tabIndex={0} aria-label={t('section.numbers')}>
            <table className="apps-table">
              <thead>
                <tr>
                  <th scope="col">{t('pool.city')}</th>
                  {COUNTS.map((name) => (
                    <th key={name} scope="col" className="is-end">
                      {t(`pool.${name}`)}
                    </th>
                  ))}
                </tr>
              </thead>
              <tbody>
                {data.items.map((city) => (
                  <tr key={city.area_code}>
                    <td>
                      {(isChinese ? city.city : city.city_en) ?? ''} {city.area_code}
                    </td>
                    {COUNTS.map((name) => (
                      <td key={name} className="is-end mk-number-cell">
                        {formatCount(city[name])}
                      </td>
                    ))}
                  </tr>
                ))}
              </tbody>
            </table>
          </section>
        </>
      )}
      <Link to="/numbers" search={{ app_key: app.app_key } as never}>
        {t('pool.open')}
      </Link>
    </section>
  )
}
