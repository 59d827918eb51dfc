import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { formatCount, formatDuration } from '@/kit/format'
import { StateTag, type Tone } from '@/kit/StateTag'

interface Props {
  part: { is_stale: boolean }
  tone: Tone
  children: ReactNode
}

/** The state of a part as its worker told it; what is old is marked, and says nothing of now. */
export function WorkerState({ part, tone, children }: Props) {
  const { t } = useTranslation('platform')
  if (!part.is_stale) return <StateTag tone={tone}>{children}</StateTag>
  return (
    <>
      <StateTag tone="unknown">{t('workers.stale')}</StateTag> {t('workers.last')} {children}
    </>
  )
}

/** How long ago a worker told of it. */
export function Told({ ageS }: { ageS: number }) {
  const { t } = useTranslation('platform')
  const age = ageS < 1 ? `${formatCount(0)} s` : formatDuration(ageS * 1000)
  return t('workers.ago', { age })
}
