import type { EChartsOption } from 'echarts'
import { BarChart, LineChart } from 'echarts/charts'
import {
  AriaComponent,
  DatasetComponent,
  GridComponent,
  LegendComponent,
  MarkLineComponent,
  TooltipComponent,
} from 'echarts/components'
import { init, use } from 'echarts/core'
import { CanvasRenderer } from 'echarts/renderers'

use([
  BarChart,
  LineChart,
  AriaComponent,
  DatasetComponent,
  GridComponent,
  LegendComponent,
  MarkLineComponent,
  TooltipComponent,
  CanvasRenderer,
])

/** Draw, follow the size of the box; the answer takes it all away. */
export function draw(box: HTMLElement, option: EChartsOption, isDark: boolean): () => void {
  const chart = init(box, isDark ? 'dark' : undefined)
  chart.setOption({
    animation: false,
    backgroundColor: 'transparent',
    aria: { enabled: true, decal: { show: true } },
    ...option,
  })
  const observer = new ResizeObserver(() => chart.resize())
  observer.observe(box)
  return () => {
    observer.disconnect()
    chart.dispose()
  }
}
