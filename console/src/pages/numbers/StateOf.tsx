import { useTranslation } from 'react-i18next'
import { StateTag } from '@/kit/StateTag'
import { TONES, type VirtualNumber } from './number'

/** The state of a number, and why when the carrier is the reason. */
export function StateOf({ number }: { number: Pick<VirtualNumber, 'state' | 'cause'> }) {
  const { t } = useTranslation('numbers')
  return (
    <StateTag tone={TONES[number.state]}>
      {t(`state.${number.state}`)}
      {number.cause && ` · ${t(`cause.${number.cause}`)}`}
    </StateTag>
  )
}
