import type { EChartsOption } from 'echarts'
import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import { useIsDark } from '@/app/preferences'
import { Chart } from '@/kit/Chart'
import { type Report, unitsOf } from './conduct'

const SORTS = [
  ['call_revenue', '--mk-connected'],
  ['message_revenue', '--mk-refused'],
  ['rent_revenue', '--mk-live'],
  ['package_revenue', '--mk-unanswered'],
] as const

/** Revenue of days as bars, calls as a line with a scale of its own. */
export function ReportChart({ report }: { report: Report }) {
  const { t } = useTranslation('conduct')
  const isDark = useIsDark()
  // biome-ignore lint/correctness/useExhaustiveDependencies: the colours are those of the theme
  const option = useMemo<EChartsOption>(() => {
    const style = getComputedStyle(document.documentElement)
    return {
      tooltip: { trigger: 'axis' },
      legend: { bottom: 0, icon: 'rect' },
      grid: { top: 12, left: 8, right: 8, bottom: 36, containLabel: true },
      xAxis: { type: 'category', data: report.items.map((one) => one.day ?? '') },
      yAxis: [{ type: 'value' }, { type: 'value', minInterval: 1, splitLine: { show: false } }],
      series: [
        ...SORTS.map(([name, colour]) => ({
          name: t(`report.figure.${name}`),
          type: 'bar' as const,
          stack: 'revenue',
          itemStyle: { color: style.getPropertyValue(colour).trim() },
          data: report.items.map((one) => one[name] / unitsOf(report.currency)),
        })),
        {
          name: t('report.figure.calls'),
          type: 'line' as const,
          yAxisIndex: 1,
          itemStyle: { color: style.getPropertyValue('--mk-failed').trim() },
          data: report.items.map((one) => one.calls),
        },
      ],
    }
  }, [report, isDark, t])
  return <Chart option={option} label={t('report.course')} height={260} />
}
