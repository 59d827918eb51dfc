import type { EChartsOption } from 'echarts'
import { useEffect, useRef } from 'react'
import { useIsDark } from '@/app/preferences'

interface Props {
  option: EChartsOption
  /** The sentence that says what the chart shows. */
  label: string
  height?: number
}

/** A chart; its library comes when the first one is shown. Put the same values in a table beside it. */
export function Chart({ option, label, height = 240 }: Props) {
  const box = useRef<HTMLDivElement>(null)
  const isDark = useIsDark()
  useEffect(() => {
    const target = box.current
    if (!target) return
    let isWanted = true
    let dispose = () => {}
    void import('./echarts').then(({ draw }) => {
      if (isWanted) dispose = draw(target, option, isDark)
    })
    return () => {
      isWanted = false
      dispose()
    }
  }, [option, isDark])
  return <div ref={box} role="img" aria-label={label} style={{ height }} />
}
