import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { formatCount, formatDuration, formatShare } from '@/kit/format'
import { NONE } from '@/kit/Texts'
import { formatAmount, type Report, type Row } from './conduct'

type Figure = readonly [name: string, of: (row: Row) => ReactNode]

/** The figures as a table, with all of them in its last row. */
export function ReportTable({ report, by }: { report: Report; by: 'tenant' | 'day' | 'both' }) {
  const { t, i18n } = useTranslation('conduct')
  const amount = (minor: number) => formatAmount(minor, report.currency, i18n.language)
  const figures: readonly Figure[] = [
    ['calls', (one) => formatCount(one.calls)],
    ['answerRate', (one) => formatShare(one.connected, one.calls)],
    ['talk', (one) => formatDuration(one.talk_s * 1000)],
    ['messages', (one) => formatCount(one.messages)],
    ['complaints', (one) => formatCount(one.complaints)],
    ['complaintRate', (one) => one.complaint_rate ?? NONE],
    ['numbers', (one) => (one.numbers === null ? NONE : formatCount(one.numbers ?? 0))],
    [
      'utilisation',
      (one) => (one.numbers ? formatShare(one.used_numbers ?? 0, one.numbers) : NONE),
    ],
    ['call_revenue', (one) => amount(one.call_revenue)],
    ['message_revenue', (one) => amount(one.message_revenue)],
    ['rent_revenue', (one) => amount(one.rent_revenue)],
    ['package_revenue', (one) => amount(one.package_revenue)],
    ['revenue', (one) => amount(one.revenue)],
  ]
  const heads = by === 'both' ? ['day', 'tenant'] : [by]
  const caption = t(`report.by.${by}`)
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reached by keyboard
    <section className="mk-scroll" tabIndex={0} aria-label={caption}>
      <table className="mk-plain-table conduct-table" data-testid="report.table">
        <caption className="mk-visually-hidden">{caption}</caption>
        <thead>
          <tr>
            {heads.map((name) => (
              <th key={name} scope="col">
                {t(`report.${name}`)}
              </th>
            ))}
            {figures.map(([name]) => (
              <th key={name} scope="col" className="is-figure">
                {t(`report.figure.${name}`)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {report.items.map((row) => (
            <tr key={`${row.day} ${row.tenant_id}`}>
              {heads.map((name) => (
                <th key={name} scope="row">
                  {name === 'day' ? row.day : row.tenant_id}
                </th>
              ))}
              {figures.map(([name, of]) => (
                <td key={name}>{of(row)}</td>
              ))}
            </tr>
          ))}
        </tbody>
        <tfoot>
          <tr>
            <th scope="row" colSpan={heads.length}>
              {t('report.total')}
            </th>
            {figures.map(([name, of]) => (
              <td key={name}>{of(report.total)}</td>
            ))}
          </tr>
        </tfoot>
      </table>
    </section>
  )
}
