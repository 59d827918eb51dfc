import { useTranslation } from 'react-i18next'
import { formatCount, formatShare } from '@/kit/format'
import { type Counts, sumOf } from './counts'

/** What the counts over time amount to, in one sentence. */
export function Verdict({ counts }: { counts: Counts }) {
  const { t } = useTranslation('statistics')
  if (counts.items.length === 0) return t('verdict.nothing')
  if (counts.kind === 'concurrent') {
    const peak = counts.items.reduce((most, one) => Math.max(most, one.count), 0)
    return t('verdict.concurrent', { n: formatCount(peak) })
  }
  const count = sumOf(counts, 'count')
  const said = { count, n: formatCount(count) }
  switch (counts.kind) {
    case 'calls':
      return t('verdict.calls', {
        ...said,
        share: formatShare(sumOf(counts, 'connected'), count),
        minutes: formatCount(Math.round(sumOf(counts, 'talk_s') / 60)),
      })
    case 'messages':
      return t('verdict.messages', {
        ...said,
        share: formatShare(sumOf(counts, 'sent'), count),
        parts: formatCount(sumOf(counts, 'parts_sent')),
      })
    case 'bindings': {
      const live = counts.items.flatMap((one) => one.live ?? []).at(-1)
      const ended = formatCount(sumOf(counts, 'ended'))
      if (live === undefined) return t('verdict.bindings', { ...said, ended })
      return t('verdict.bindingsLive', { ...said, ended, live: formatCount(live) })
    }
    case 'pushes':
      return t('verdict.pushes', {
        ...said,
        share: formatShare(sumOf(counts, 'first_try_ok'), sumOf(counts, 'first_tries')),
      })
    default:
      return t('verdict.api', { ...said, share: formatShare(sumOf(counts, 'failed'), count) })
  }
}
