interface Props {
  values: readonly (number | null)[]
  width?: number
  height?: number
}

/** The course of a value, without a scale; decoration beside the value itself. */
export function Sparkline({ values, width = 120, height = 28 }: Props) {
  const known = values.filter((value): value is number => value !== null)
  const top = Math.max(...known, 0) || 1
  const step = width / Math.max(values.length - 1, 1)
  let path = ''
  let isDown = false
  values.forEach((value, at) => {
    if (value === null) {
      isDown = false
      return
    }
    const y = height - 2 - (value / top) * (height - 4)
    path += `${isDown ? 'L' : 'M'}${(at * step).toFixed(1)} ${y.toFixed(1)}`
    isDown = true
  })
  return (
    <svg
      className="mk-spark"
      width={width}
      height={height}
      viewBox={`0 0 ${width} ${height}`}
      aria-hidden="true"
    >
      <path d={path} fill="none" stroke="currentColor" strokeWidth="1.5" />
    </svg>
  )
}
