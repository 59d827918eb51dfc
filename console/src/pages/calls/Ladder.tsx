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
import { codecsOf, foldSteps, KINDS, type Kind, type Row, saveTrace } from './ladder'
import { StepDrawer } from './StepDrawer'

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
  const [openAt, setOpenAt] = useState<number>()
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
  const open = openAt === undefined ? undefined : shown[openAt]
  const step = (by: number) => setOpenAt(((openAt ?? 0) + by + shown.length) % shown.length)
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
            onChange={() => {
              setOpenAt(undefined)
              setHidden(
                hidden.includes(kind) ? hidden.filter((one) => one !== kind) : [...hidden, kind],
              )
            }}
          >
            {t(`ladder.kind.${kind}`)}
          </Checkbox>
        ))}
        <Button size="small" onClick={() => saveTrace(data)}>
          {t('ladder.save')}
        </Button>
        {isLive && <span role="status">{t('ladder.following')}</span>}
      </div>
      <LadderTable rows={shown} began={data.began_at} clock={clock} onOpen={setOpenAt} />
      {open && (
        <StepDrawer
          row={open}
          onClose={() => setOpenAt(undefined)}
          onNext={() => step(1)}
          onPrevious={() => step(-1)}
        />
      )}
      {data.dropped > 0 && <p>{t('ladder.dropped', { count: data.dropped })}</p>}
    </div>
  )
}

interface TableProps {
  rows: Row[]
  began: string
  clock: Clock
  onOpen: (at: number) => void
}

function LadderTable({ rows, began, clock, onOpen }: TableProps) {
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
              <Cells row={row} onOpen={() => onOpen(at)} />
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  )
}

/** The row's arrow or box, spanning the lanes it concerns. */
function Cells({ row, onOpen }: { row: Row; onOpen: () => void }) {
  const { t } = useTranslation('calls')
  const codecs = codecsOf(row)
  const label = t(`ladder.way.${row.way}`)
  const text = (
    <>
      <span className="mk-visually-hidden calls-way">{label}: </span>
      {row.count > 1 ? `${row.what} ×${row.count}` : row.what}
      {codecs && <span className="calls-codecs"> ({codecs})</span>}
    </>
  )
  const said = row.detail ? (
    <button type="button" className="calls-step" onClick={onOpen}>
      {text}
    </button>
  ) : (
    <span>{text}</span>
  )
  const arrow = <span className={`calls-arrow is-${row.way}`}>{said}</span>
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
        <span className="calls-box">{said}</span>
      </td>
      <td />
      <td />
    </>
  )
}
