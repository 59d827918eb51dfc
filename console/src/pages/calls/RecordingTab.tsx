import { useTranslation } from 'react-i18next'
import { EmptyState } from '@/kit/EmptyState'
import { Player } from '@/kit/Player'

/** Listen to the call in place. */
export function RecordingTab({ name, isLive }: { name: string; isLive: boolean }) {
  const { t } = useTranslation('calls')
  if (isLive) return <EmptyState title={t('recording.later')} />
  return <Player name={name} />
}
