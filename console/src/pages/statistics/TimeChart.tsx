import type { EChartsOption } from 'echarts'
import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import { useIsDark, useZone } from '@/app/preferences'
import { Chart } from '@/kit/Chart'
import { formatTime } from '@/kit/format'
import type { Count, Counts } from './counts'

interface Props {
  counts: Counts
  /** The sentence that says what it shows. */
  label: string
  height?: number
}

type Series = readonly [name: string, colour: string, of: (count: Count) => number]

const CALLS: readonly Series[] = [
  ['connected', '--mk-connected', (one) => one.connected ?? 0],
  ['unanswered', '--mk-unanswered', (one) => one.unanswered ?? 0],
  ['refused', '--mk-refused', (one) => one.refused ?? 0],
  ['failed', '--mk-failed', (one) => one.failed],
]
const OTHERS: readonly Series[] = [
  ['ok', '--mk-connected', (one) => one.count - one.failed],
  ['failed', '--mk-failed', (one) => one.failed],
]
const STEP_MS = { '15m': 900_000, hour: 3_600_000, day: 86_400_000 }
const MAX_POINTS = 800

/** Stacked bars over time; a time without a count is zero, so that gaps look like gaps. */
export function TimeChart({ counts, label, height }: Props) {
  const { t } = useTranslation('kit')
  const zone = useZone()
  const isDark = useIsDark()
  // biome-ignore lint/correctness/useExhaustiveDependencies: the colours are those of the theme
  const option = useMemo<EChartsOption>(() => {
    const style = getComputedStyle(document.documentElement)
    const { moments, known } = momentsOf(counts)
    const length = counts.step === 'day' ? 10 : 16
    return {
      tooltip: { trigger: 'axis' },
      legend: { bottom: 0, icon: 'rect' },
      grid: { top: 12, left: 8, right: 8, bottom: 36, containLabel: true },
      xAxis: {
        type: 'category',
        data: moments.map((at) => formatTime(at, zone).slice(0, length)),
      },
      yAxis: { type: 'value', minInterval: 1 },
      series: (counts.kind === 'calls' ? CALLS : OTHERS).map(([name, colour, of]) => ({
        name: t(`outcome.${name}`),
        type: 'bar' as const,
        stack: 'all',
        itemStyle: { color: style.getPropertyValue(colour).trim() },
        data: moments.map((at) => {
          const count = known.get(at)
          return count ? of(count) : 0
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
