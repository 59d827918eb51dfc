import { useQueries } from '@tanstack/react-query'
import type { EChartsOption } from 'echarts'
import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import { ask } from '@/api/client'
import { useIsDark } from '@/app/preferences'
import { AppName } from '@/kit/AppName'
import { Chart } from '@/kit/Chart'
import { EmptyState } from '@/kit/EmptyState'
import { ErrorBox } from '@/kit/ErrorBox'
import { ExportButton } from '@/kit/ExportButton'
import { formatCount } from '@/kit/format'
import { PlainTable } from '@/kit/PlainTable'
import { Skeleton } from '@/kit/Skeleton'
import { NumberText } from '@/kit/Texts'
import { useUrl } from '@/kit/useUrl'
import { type Account, CHARGED, digitsOf, monthsBack, type Statement, useMoney } from './money'

const COURSE = 6
const CHOICE = 24
const COLOURS: Record<(typeof CHARGED)[number], string> = {
  rent: '--mk-connected',
  call: '--mk-live',
  message: '--mk-refused',
  package: '--mk-unanswered',
  storage: '--mk-failed',
}

/** What did a month cost, by application and number, and how was it before? */
export function StatementTab({ account }: { account: Account }) {
  const { t } = useTranslation('money')
  const [url, change] = useUrl()
  const newest = new Date().toISOString().slice(0, 7)
  const latest = useStatements(account.tenant_id, [undefined])[0]
  const present = latest?.data?.month ?? newest
  const month = url.month ?? present
  const course = useStatements(account.tenant_id, monthsBack(month, COURSE))
  const { data, error, refetch } = course[0] ?? {}
  const statements = course.map((one) => one.data)
  return (
    <>
      <div className="money-bar">
        <label>
          {t('statement.month')}{' '}
          <select
            className="mk-select"
            value={month}
            data-testid="money.month"
            onChange={(event) => change({ month: event.target.value })}
          >
            {monthsBack(present, CHOICE).map((one) => (
              <option key={one}>{one}</option>
            ))}
          </select>
        </label>
        <ExportButton kind="statement" filter={{ tenant_id: account.tenant_id, month }} />
      </div>
      {!data &&
        (error ? (
          <ErrorBox error={error} onRetry={() => void refetch?.()} />
        ) : (
          <Skeleton rows={6} />
        ))}
      {data && <Sums statement={data} account={account} />}
      {statements.every((one) => one !== undefined) && (
        <Course statements={statements as Statement[]} account={account} />
      )}
      {data && <Lines statement={data} account={account} />}
    </>
  )
}

function useStatements(tenantId: string, months: readonly (string | undefined)[]) {
  return useQueries({
    queries: months.map((month) => {
      const query = { tenant_id: tenantId, month }
      return {
        queryKey: ['/statements', undefined, query],
        queryFn: () => ask<Statement>('GET', '/statements', { query }),
      }
    }),
  })
}

interface Props {
  statement: Statement
  account: Account
}

function Sums({ statement, account }: Props) {
  const { t } = useTranslation('money')
  const money = useMoney(account.currency)
  const said = {
    month: statement.month,
    charged: money(statement.charged),
    paid: money(statement.paid),
  }
  return (
    <>
      <p data-testid="money.statement.said">{t('statement.said', said)}</p>
      {statement.sums.length > 0 && (
        <PlainTable
          label={t('statement.sums')}
          testId="money.statement.sums"
          rows={statement.sums}
          rowId={(one) => one.kind}
          columns={[
            { key: 'kind', title: t('column.kind'), render: (one) => t(`kind.${one.kind}`) },
            {
              key: 'postings',
              title: t('column.postings'),
              render: (one) => formatCount(one.postings),
            },
            {
              key: 'units',
              title: t('column.units'),
              render: (one) => (one.units ? t(`unit.${one.kind}`, { count: one.units }) : '–'),
            },
            {
              key: 'covered',
              title: t('column.covered'),
              render: (one) => formatCount(one.covered),
            },
            { key: 'amount', title: t('column.amount'), render: (one) => money(one.amount) },
          ]}
        />
      )}
    </>
  )
}

/** What was charged in the months up to the one that is shown, by kind. */
function Course({ statements, account }: { statements: readonly Statement[]; account: Account }) {
  const { t } = useTranslation('money')
  const money = useMoney(account.currency)
  const isDark = useIsDark()
  const unit = 10 ** digitsOf(account.currency)
  // biome-ignore lint/correctness/useExhaustiveDependencies: the colours are those of the theme
  const option = useMemo<EChartsOption>(() => {
    const style = getComputedStyle(document.documentElement)
    const oldest = [...statements].reverse()
    return {
      grid: { left: 8, right: 8, top: 32, bottom: 8, containLabel: true },
      legend: { top: 0 },
      tooltip: {
        trigger: 'axis',
        valueFormatter: (value) => money(Math.round(Number(value) * unit)),
      },
      xAxis: { type: 'category', data: oldest.map(({ month }) => month) },
      yAxis: { type: 'value' },
      series: CHARGED.map((kind) => ({
        type: 'bar',
        stack: 'all',
        name: t(`kind.${kind}`),
        color: style.getPropertyValue(COLOURS[kind]).trim(),
        data: oldest.map(
          ({ sums }) => -(sums.find((one) => one.kind === kind)?.amount ?? 0) / unit,
        ),
      })),
    }
  }, [statements.map(({ month, charged }) => `${month} ${charged}`).join(), t, isDark, unit])
  if (statements.every(({ charged }) => charged === 0)) return null
  const most = statements.reduce((top, one) => (one.charged > top.charged ? one : top))
  return (
    <section>
      <h2>{t('statement.course')}</h2>
      <Chart
        option={option}
        label={t('statement.courseSaid', { month: most.month, charged: money(most.charged) })}
      />
    </section>
  )
}

function Lines({ statement, account }: Props) {
  const { t } = useTranslation('money')
  const money = useMoney(account.currency)
  if (statement.lines.length === 0) return <EmptyState title={t('statement.empty')} />
  return (
    <section>
      <h2>{t('statement.lines')}</h2>
      {statement.is_cut && <p className="mk-quiet">{t('statement.cut')}</p>}
      <PlainTable
        label={t('statement.lines')}
        testId="money.statement.lines"
        rows={statement.lines}
        rowId={(one) => `${one.app_key} ${one.x} ${one.kind}`}
        columns={[
          {
            key: 'app',
            title: t('column.app'),
            render: (one) => (one.app_key ? <AppName appKey={one.app_key} /> : '–'),
          },
          {
            key: 'x',
            title: t('column.x'),
            render: (one) => (one.x ? <NumberText number={one.x} /> : '–'),
          },
          { key: 'kind', title: t('column.kind'), render: (one) => t(`kind.${one.kind}`) },
          {
            key: 'units',
            title: t('column.units'),
            render: (one) => (one.units ? t(`unit.${one.kind}`, { count: one.units }) : '–'),
          },
          { key: 'covered', title: t('column.covered'), render: (one) => formatCount(one.covered) },
          { key: 'amount', title: t('column.amount'), render: (one) => money(one.amount) },
        ]}
      />
    </section>
  )
}
