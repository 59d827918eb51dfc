import { useTranslation } from 'react-i18next'
import { useZone } from '@/app/preferences'
import { CopyButton } from './CopyButton'
import { formatDuration, formatTime, groupNumber, shortId } from './format'

/** The sign for "there is none". */
export const NONE = '–'

/** A virtual number, or a masked one: grouped on the page, in the global form in the clipboard. */
export function NumberText({
  number,
  canCopy = true,
}: {
  number?: string | null
  canCopy?: boolean
}) {
  if (!number) return NONE
  return (
    <span className="mk-number">
      {groupNumber(number)}
      {canCopy && <CopyButton text={number} />}
    </span>
  )
}

interface TimeProps {
  at?: string | null
  /** Show milliseconds, as ladders do. */
  isFine?: boolean
}

export function TimeText({ at, isFine = false }: TimeProps) {
  const zone = useZone()
  if (!at) return NONE
  const instant = new Date(at)
  const hint = `${formatTime(instant, 'UTC', true)} UTC · ${formatTime(instant, zone, true)} ${zone} · ${instant.getTime()}`
  return (
    <time className="mk-number" dateTime={at} title={hint}>
      {formatTime(instant, zone, isFine)}
    </time>
  )
}

export function DurationText({ ms, s }: { ms?: number | null; s?: number | null }) {
  const length = ms ?? (s === null || s === undefined ? undefined : s * 1000)
  if (length === undefined || length === null) return NONE
  return <span className="mk-number">{formatDuration(length)}</span>
}

export function IdText({ id, isWhole = false }: { id?: string | null; isWhole?: boolean }) {
  const { t } = useTranslation('kit')
  if (!id) return NONE
  return (
    <span className="mk-id" title={id}>
      <code>{isWhole ? id : shortId(id)}</code>
      <CopyButton text={id} label={t('id')} />
    </span>
  )
}
