/** `170 1234 5678`, `+49 151…`: a number in the global form, grouped for reading. */
export function groupNumber(number: string): string {
  const mobile = /^(?:\+86)?(1\d{2})([\d*]{4})([\d*]{4})$/.exec(number)
  if (mobile) return mobile.slice(1).join(' ')
  const fixed = /^\+86(10|2\d|[3-9]\d{2})([\d*]{7,8})$/.exec(number)
  return fixed ? `0${fixed[1]}-${fixed[2]}` : number
}

/** The middle of a long id left out: `7f3a…9c21`. */
export function shortId(id: string, ends = 6): string {
  return id.length > ends * 2 + 2 ? `${id.slice(0, ends)}…${id.slice(-4)}` : id
}

const parts = new Map<string, Intl.DateTimeFormat>()

function formatOf(zone: string, isFine: boolean): Intl.DateTimeFormat {
  const key = `${zone} ${isFine}`
  let format = parts.get(key)
  if (!format) {
    format = new Intl.DateTimeFormat('sv-SE', {
      timeZone: zone,
      year: 'numeric',
      month: '2-digit',
      day: '2-digit',
      hour: '2-digit',
      minute: '2-digit',
      second: '2-digit',
      ...(isFine ? { fractionalSecondDigits: 3 } : {}),
    })
    parts.set(key, format)
  }
  return format
}

/** `2026-11-20 10:21:05`, with `isFine` to the millisecond. */
export function formatTime(instant: string | number | Date, zone: string, isFine = false): string {
  return formatOf(zone, isFine).format(new Date(instant)).replace(',', '.')
}

/** `UTC+8` for the head of a column. */
export function zoneLabel(zone: string, at: Date = new Date()): string {
  const name = new Intl.DateTimeFormat('en-US', { timeZone: zone, timeZoneName: 'shortOffset' })
    .formatToParts(at)
    .find(({ type }) => type === 'timeZoneName')?.value
  return (name ?? 'UTC').replace('GMT', 'UTC')
}

/** `350 ms`, `00:32`, `1:05:09`. */
export function formatDuration(ms: number): string {
  if (ms < 1000) return `${Math.round(ms)} ms`
  const all = Math.round(ms / 1000)
  const two = (n: number) => String(n).padStart(2, '0')
  const [hours, minutes, seconds] = [Math.floor(all / 3600), Math.floor(all / 60) % 60, all % 60]
  return hours ? `${hours}:${two(minutes)}:${two(seconds)}` : `${two(minutes)}:${two(seconds)}`
}

/** `1,204`. */
export function formatCount(count: number): string {
  return count.toLocaleString('en-US')
}

/** `78.3 %`; a dash when there is nothing to take a share of. */
export function formatShare(part: number, base: number): string {
  return base === 0 ? '–' : `${((part / base) * 100).toFixed(1)} %`
}

/** `12.4 kB`, by thousands. */
export function formatBytes(bytes: number): string {
  if (bytes < 1000) return `${bytes} B`
  const units = ['kB', 'MB', 'GB', 'TB']
  let value = bytes / 1000
  let unit = 0
  while (value >= 1000 && unit < units.length - 1) {
    value /= 1000
    unit += 1
  }
  return `${value.toFixed(1)} ${units[unit]}`
}

/** What was typed for a local time of a zone, as an instant. */
export function instantOf(local: string, zone: string): string {
  const guess = Date.parse(`${local}Z`)
  const offset = (at: number) => Date.parse(`${formatTime(at, zone).replace(' ', 'T')}Z`) - at
  const first = guess - offset(guess)
  return new Date(guess - offset(first)).toISOString()
}
