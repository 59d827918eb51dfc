import type { EChartsOption } from 'echarts'
import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import { useIsDark, useZone } from '@/app/preferences'
import { Chart } from '@/kit/Chart'
import { formatTime } from '@/kit/format'
import type { Count, Counts, Kind } from './counts'

interface Props {
  counts: Counts
  /** The sentence that says what it shows. */
  label: string
  height?: number
}

interface Series {
  name: string
  colour: string
  of: (count: Count) => number | null
  /** A line, of what is not added up over time; those of `isApart` have a scale of their own. */
  isLine?: boolean
  isApart?: boolean
}

const OTHERS: readonly Series[] = [
  { name: 'ok', colour: '--mk-connected', of: (one) => one.count - one.failed },
  { name: 'failed', colour: '--mk-failed', of: (one) => one.failed },
]
const SERIES: Record<Kind, readonly Series[]> = {
  calls: [
    { name: 'connected', colour: '--mk-connected', of: (one) => one.connected ?? 0 },
    { name: 'unanswered', colour: '--mk-unanswered', of: (one) => one.unanswered ?? 0 },
    { name: 'refused', colour: '--mk-refused', of: (one) => one.refused ?? 0 },
    { name: 'failed', colour: '--mk-failed', of: (one) => one.failed },
  ],
  concurrent: [
    { name: 'peak', colour: '--mk-connected', of: (one) => one.count, isLine: true },
    { name: 'mean', colour: '--mk-refused', of: (one) => one.mean ?? 0, isLine: true },
  ],
  messages: [
    { name: 'ok', colour: '--mk-connected', of: (one) => one.sent ?? 0 },
    { name: 'refused', colour: '--mk-refused', of: (one) => one.refused ?? 0 },
    { name: 'failed', colour: '--mk-failed', of: (one) => one.failed },
  ],
  bindings: [
    { name: 'made', colour: '--mk-connected', of: (one) => one.count },
    { name: 'ended', colour: '--mk-unanswered', of: (one) => one.ended ?? 0 },
    {
      name: 'live',
      colour: '--mk-live',
      of: (one) => one.live ?? null,
      isLine: true,
      isApart: true,
    },
  ],
  pushes: OTHERS,
  api: OTHERS,
}
/** What is no outcome has its name from the table. */
const BY_FIGURE: ReadonlySet<Kind> = new Set(['concurrent', 'bindings'])
const STEP_MS = { minute: 60_000, '15m': 900_000, hour: 3_600_000, day: 86_400_000 }
const MAX_POINTS = 3_000

const LINE = { type: 'line' as const, showSymbol: false, connectNulls: true }

/** Those that were made do not stand upon those that ended. */
const stackOf = (kind: Kind, name: string) => (kind === 'bindings' ? name : 'all')

/** Stacked bars over time; a time without a count is zero, so that gaps look like gaps. */
export function TimeChart({ counts, label, height }: Props) {
  const { t } = useTranslation(['kit', 'statistics'])
  const zone = useZone()
  const isDark = useIsDark()
  // biome-ignore lint/correctness/useExhaustiveDependencies: the colours are those of the theme
  const option = useMemo<EChartsOption>(() => {
    const style = getComputedStyle(document.documentElement)
    const { moments, known } = momentsOf(counts)
    const all = SERIES[counts.kind]
    const nameOf = (name: string) =>
      BY_FIGURE.has(counts.kind) ? t(`statistics:figure.${name}`) : t(`outcome.${name}`)
    const axis = { type: 'value' as const, minInterval: 1 }
    const apart = all.find((one) => one.isApart)
    const length = counts.step === 'day' ? 10 : 16
    return {
      tooltip: { trigger: 'axis' },
      legend: { bottom: 0, icon: 'rect' },
      grid: { top: 12, left: 8, right: 8, bottom: 36, containLabel: true },
      xAxis: {
        type: 'category',
        data: moments.map((at) => formatTime(at, zone).slice(0, length)),
      },
      yAxis: apart ? [axis, { ...axis, splitLine: { show: false } }] : axis,
      series: all.map(({ name, colour, of, isLine, isApart }) => ({
        name: nameOf(name),
        ...(isLine ? LINE : { type: 'bar' as const, stack: stackOf(counts.kind, name) }),
        yAxisIndex: isApart ? 1 : 0,
        itemStyle: { color: style.getPropertyValue(colour).trim() },
        data: moments.map((at) => {
          const count = known.get(at)
          if (count) return of(count)
          return isApart ? null : 0
        }),
      })),
    }
  }, [counts, zone, isDark, t])
  return <Chart option={option} label={label} height={height} />
}

function momentsOf({ items, step, since, until }: Counts) {
  const known = new Map(items.map((one) => [Date.parse(one.key), one]))
  const length = STEP_MS[step]
  const [first] = known.keys()
  // Days and hours of a zone begin where the counted ones begin.
  const offset = first === undefined ? 0 : first % length
  const moments: number[] = []
  let at = Math.floor((Date.parse(since) - offset) / length) * length + offset
  while (at < Date.parse(until) && moments.length < MAX_POINTS) {
    moments.push(at)
    at += length
  }
  const isWhole = [...known.keys()].every((key) => moments.includes(key))
  return { moments: isWhole ? moments : [...known.keys()].sort((a, b) => a - b), known }
}
