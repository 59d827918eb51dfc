import { useTranslation } from 'react-i18next'
import { CopyButton } from '@/kit/CopyButton'
import { DetailDrawer } from '@/kit/DetailDrawer'
import { Fields } from '@/kit/Fields'
import { isMessage, type Row, sourceOf } from './ladder'

interface Props {
  row: Row
  onClose: () => void
  onNext: () => void
  onPrevious: () => void
}

/** What stands behind one row of the ladder: the message with tokens, or the reasons of a decision. */
export function StepDrawer({ row, onClose, onNext, onPrevious }: Props) {
  const { t } = useTranslation('calls')
  const lines = row.detail.split('\n')
  return (
    <DetailDrawer
      title={`${t(`ladder.way.${row.way}`)}: ${row.what}`}
      onClose={onClose}
      onNext={onNext}
      onPrevious={onPrevious}
      actions={row.detail && <CopyButton text={row.detail} />}
      testId="call.step"
    >
      {!row.detail && <p>{t(isMessage(row) ? 'ladder.noMessage' : 'ladder.noDetail')}</p>}
      {row.detail && isMessage(row) && <Message lines={lines} row={row} />}
      {row.detail && !isMessage(row) && (
        <Fields
          fields={lines.map((line) => {
            const at = line.indexOf(': ')
            return { label: line.slice(0, at), value: line.slice(at + 2) }
          })}
        />
      )}
    </DetailDrawer>
  )
}

function Message({ lines, row }: { lines: string[]; row: Row }) {
  const { t } = useTranslation('calls')
  return (
    <>
      <p>{t('ladder.tokens')}</p>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reached by keyboard */}
      <section className="mk-scroll" tabIndex={0} aria-label={t('ladder.message')}>
        <table className="calls-message" data-testid="call.step.message">
          <tbody>
            {lines.map((line, at) => {
              const source = sourceOf(line, row)
              return (
                <tr key={at}>
                  <td>
                    <code>{line}</code>
                  </td>
                  <td>{source && t(`ladder.source.${source}`)}</td>
                </tr>
              )
            })}
          </tbody>
        </table>
      </section>
    </>
  )
}
