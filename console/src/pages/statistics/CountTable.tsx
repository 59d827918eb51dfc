import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { AppName } from '@/kit/AppName'
import { formatCount, formatDuration, formatShare } from '@/kit/format'
import { OUTCOMES, type Outcome, OutcomeChip } from '@/kit/OutcomeChip'
import { DurationText, NONE, NumberText, TimeText } from '@/kit/Texts'
import { type CodeKind, useCodes } from '@/kit/useCodes'
import { useCities } from '@/kit/useDirectory'
import { type Count, type Counts, codeName, type Kind } from './counts'

type Figure = readonly [name: string, of: (count: Count) => ReactNode]

const minutes = (s?: number | null) => formatDuration((s ?? 0) * 1000)
const some = (count?: number | null) => formatCount(count ?? 0)

const FIGURES: Record<Kind, readonly Figure[]> = {
  calls: [
    ['count', (one) => formatCount(one.count)],
    ['connected', (one) => some(one.connected)],
    ['share', (one) => formatShare(one.connected ?? 0, one.count)],
    ['unanswered', (one) => some(one.unanswered)],
    ['refused', (one) => some(one.refused)],
    ['failed', (one) => formatCount(one.failed)],
    ['talk', (one) => minutes(one.talk_s)],
    ['setUp', (one) => <DurationText ms={one.setup_ms} />],
    ['ringing', (one) => <DurationText ms={one.ringing_ms} />],
  ],
  concurrent: [
    ['peak', (one) => formatCount(one.count)],
    ['mean', (one) => one.mean?.toFixed(1) ?? NONE],
  ],
  messages: [
    ['messages', (one) => formatCount(one.count)],
    ['sent', (one) => some(one.sent)],
    ['sentShare', (one) => formatShare(one.sent ?? 0, one.count)],
    ['refused', (one) => some(one.refused)],
    ['failed', (one) => formatCount(one.failed)],
    ['partsSent', (one) => some(one.parts_sent)],
    ['partsFailed', (one) => some(one.parts_failed)],
    ['took', (one) => <DurationText ms={one.took_ms} />],
  ],
  bindings: [
    ['made', (one) => formatCount(one.count)],
    ['ended', (one) => some(one.ended)],
    ['live', (one) => (one.live === undefined || one.live === null ? NONE : formatCount(one.live))],
  ],
  pushes: [
    ['tries', (one) => formatCount(one.count)],
    ['failed', (one) => formatCount(one.failed)],
    ['first', (one) => formatShare(one.first_try_ok ?? 0, one.first_tries ?? 0)],
    ['took', (one) => <DurationText ms={one.took_ms} />],
  ],
  api: [
    ['requests', (one) => formatCount(one.count)],
    ['failed', (one) => formatCount(one.failed)],
    ['took', (one) => <DurationText ms={one.took_ms} />],
  ],
}

const CODES: Partial<Record<Kind, CodeKind>> = { calls: 'release', messages: 'message' }

/** Counts as a table, a row a key. */
export function CountTable({ counts, caption }: { counts: Counts; caption: string }) {
  const { t } = useTranslation('statistics')
  const figures = FIGURES[counts.kind].filter(([name]) => isKnown(name, counts))
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reached by keyboard
    <section className="mk-scroll" tabIndex={0} aria-label={caption}>
      <table className="mk-plain-table statistics-table" data-testid="statistics.table">
        <caption className="mk-visually-hidden">{caption}</caption>
        <thead>
          <tr>
            <th scope="col">
              {t(`key.${counts.by === 'code' ? codeName(counts.kind) : counts.by}`)}
            </th>
            {figures.map(([name]) => (
              <th key={name} scope="col">
                {t(`figure.${name}`)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {counts.items.map((one) => (
            <tr key={one.key}>
              <th scope="row">
                <Key counts={counts} name={one.key} />
              </th>
              {figures.map(([name, of]) => (
                <td key={name}>{of(one)}</td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  )
}

/** Of bindings ends are known by cause only, those that were made by city and number only. */
function isKnown(figure: string, { kind, by }: Counts) {
  if (kind !== 'bindings' || by === 'time' || by === 'application') return true
  return figure === (by === 'code' ? 'ended' : 'made')
}

function Key({ counts: { kind, by }, name }: { counts: Counts; name: string }) {
  const { t } = useTranslation(['statistics', 'kit', 'bindings'])
  const codeOf = useCodes()
  const { byCode } = useCities()
  switch (by) {
    case 'time':
      return <TimeText at={name} />
    case 'application':
      return <AppName appKey={name} />
    case 'number':
      return <NumberText number={name} />
    case 'city':
      return name === '?' ? t('noCity') : `${byCode.get(name) ?? ''} ${name}`
    case 'outcome':
      return (OUTCOMES as readonly string[]).includes(name) ? (
        <OutcomeChip outcome={name as Outcome} />
      ) : (
        name
      )
    default:
      break
  }
  if (kind === 'bindings') return t(`bindings:cause.${name}`, { defaultValue: name })
  if (kind === 'pushes') return t(`kit:push.purpose.${name}`, { defaultValue: name })
  return (
    <>
      <code>{name}</code> {codeOf(CODES[kind] ?? 'result', name)?.text}
    </>
  )
}
