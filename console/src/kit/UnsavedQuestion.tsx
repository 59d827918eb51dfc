import { useTranslation } from 'react-i18next'
import { Modal } from './Modal'

const MOST_NAMED = 8

interface Props {
  /** What would be left. */
  of: 'page' | 'dialog'
  /** The names of the fields that are not saved. */
  names: readonly string[]
  onLeave: () => void
  onStay: () => void
}

/** Asks who leaves something that is not saved. */
export function UnsavedQuestion({ of, names, onLeave, onStay }: Props) {
  const { t } = useTranslation('kit')
  return (
    <Modal title={t(`unsaved.${of}.title`)} onEscape={onStay} testId="kit.unsaved">
      <p>{t(`unsaved.${of}.text`)}</p>
      <ul>
        {names.slice(0, MOST_NAMED).map((name) => (
          <li key={name}>{name}</li>
        ))}
        {names.length > MOST_NAMED && (
          <li>{t('unsaved.more', { n: names.length - MOST_NAMED })}</li>
        )}
      </ul>
      <div className="mk-actions">
        <button
          type="button"
          className="mk-button is-primary"
          data-testid="kit.unsaved.stay"
          onClick={onStay}
        >
          {t(`unsaved.${of}.stay`)}
        </button>
        <button
          type="button"
          className="mk-button"
          data-testid="kit.unsaved.leave"
          onClick={onLeave}
        >
          {t(`unsaved.${of}.leave`)}
        </button>
      </div>
    </Modal>
  )
}
