import { useQuery } from '@tanstack/react-query'
import { Button, Checkbox, Segmented } from 'antd'
import { useMemo, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { ask, type Schema } from '@/api/client'
import { ApiError } from '@/api/error'
import { useZone } from '@/app/preferences'
import { EmptyState } from '@/kit/EmptyState'
import { ErrorBox } from '@/kit/ErrorBox'
import { formatTime } from '@/kit/format'
import { Skeleton } from '@/kit/Skeleton'
import { foldSteps, KINDS, type Kind, type Row, saveTrace } from './ladder'

type Trace = Schema<'TraceView'>
type Clock = 'relative' | 'delta' | 'absolute'

interface Props {
  session: string
  /** Grows when something new is known of the call. */
  beat: number
  isLive: boolean
}

/** Signalling on both sides, plan, media and notifications of one call on one time axis. */
export function Ladder({ session, beat, isLive }: Props) {
  const { t } = useTranslation('calls')
  const [hidden, setHidden] = useState<readonly Kind[]>([])
  const [clock, setClock] = useState<Clock>('relative')
  const { data, error, refetch } = useQuery({
    queryKey: ['/calls', session, 'trace', beat],
    queryFn: () =>
      ask<Trace>('GET', '/calls/{session_id}/trace', { params: { session_id: session } }),
    placeholderData: (before) => before,
    retry: false,
  })
  const rows = useMemo(() => foldSteps(data?.steps ?? []), [data])
  if (error instanceof ApiError && error.status === 404) {
    return <EmptyState title={t('ladder.gone')}>{t('ladder.goneWhy')}</EmptyState>
  }
  if (error) return <ErrorBox error={error} onRetry={() => void refetch()} />
  if (!data) return <Skeleton rows={12} />
  const shown = rows.filter((row) => !hidden.includes(row.kind))
  return (
    <div className="calls-ladder" data-testid="call.ladder">
      <div className="calls-ladder-bar">
        <Segmented<Clock>
          aria-label={t('ladder.clock')}
          value={clock}
          onChange={setClock}
          options={(['relative', 'delta', 'absolute'] as const).map((value) => ({
            value,
            label: t(`ladder.${value}`),
          }))}
        />
        {KINDS.map((kind) => (
          <Checkbox
            key={kind}
            checked={!hidden.includes(kind)}
            onChange={() =>
              setHidden(
                hidden.includes(kind) ? hidden.filter((one) => one !== kind) : [...hidden, kind],
              )
            }
          >
            {t(`ladder.kind.${kind}`)}
          </Checkbox>
        ))}
        <Button size="small" onClick={() => saveTrace(data)}>
          {t('ladder.save')}
        </Button>
        {isLive && <span role="status">{t('ladder.following')}</span>}
      </div>
      <LadderTable rows={shown} began={data.began_at} clock={clock} />
      {data.dropped > 0 && <p>{t('ladder.dropped', { count: data.dropped })}</p>}
    </div>
  )
}

function LadderTable({ rows, began, clock }: { rows: Row[]; began: string; clock: Clock }) {
  const { t } = useTranslation('calls')
  const zone = useZone()
  const start = new Date(began).getTime()
  const time = (row: Row, before: Row | undefined): string => {
    if (clock === 'absolute') return formatTime(new Date(start + row.atS * 1000), zone, true)
    const from = clock === 'delta' ? (before?.atS ?? 0) : 0
    return `+${(row.atS - from).toFixed(3)}`
  }
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reached by keyboard
    <section className="mk-scroll" tabIndex={0} aria-label={t('tab.ladder')}>
      <table className="calls-lanes" data-testid="call.ladder.table">
        <caption className="mk-visually-hidden">{t('ladder.caption')}</caption>
        <thead>
          <tr>
            <th scope="col">{t('ladder.time')}</th>
            <th scope="col">{t('ladder.lane.a')}</th>
            <th scope="col">maskline</th>
            <th scope="col">{t('ladder.lane.b')}</th>
            <th scope="col">{t('ladder.lane.customer')}</th>
          </tr>
        </thead>
        <tbody>
          {rows.map((row, at) => (
            <tr key={`${row.atS}-${at}`} className={`is-${row.kind}`}>
              <td className="mk-number">{time(row, rows[at - 1])}</td>
              <Cells row={row} />
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  )
}

/** The row's arrow or box, spanning the lanes it concerns. */
function Cells({ row }: { row: Row }) {
  const { t } = useTranslation('calls')
  const text = row.count > 1 ? `${row.what} ×${row.count}` : row.what
  const label = t(`ladder.way.${row.way}`)
  const arrow = (
    <span className={`calls-arrow is-${row.way}`}>
      <span className="mk-visually-hidden">{label}: </span>
      <code>{text}</code>
    </span>
  )
  if (row.way === 'fromA' || row.way === 'toA') {
    return (
      <>
        <td colSpan={2}>{arrow}</td>
        <td />
        <td />
      </>
    )
  }
  if (row.way === 'fromB' || row.way === 'toB') {
    return (
      <>
        <td />
        <td colSpan={2}>{arrow}</td>
        <td />
      </>
    )
  }
  if (row.way === 'told') {
    return (
      <>
        <td />
        <td colSpan={3}>{arrow}</td>
      </>
    )
  }
  return (
    <>
      <td />
      <td>
        <span className="calls-box">
          <span className="mk-visually-hidden">{label}: </span>
          {text}
        </span>
      </td>
      <td />
      <td />
    </>
  )
}
