import { Button } from 'antd'
import { useTranslation } from 'react-i18next'
import { CopyButton } from './CopyButton'
import { Dialog } from './Dialog'

interface Props {
  title: string
  /** What it is for, and what goes with it. */
  text: string
  /** Names and values; the last one is the secret. */
  values: readonly { label: string; value: string }[]
  /** The name of the file to keep it in. */
  file: string
  onStored: () => void
}

/** A secret that the server shows once: the dialog goes away by the promise that it is kept. */
export function SecretDialog({ title, text, values, file, onStored }: Props) {
  const { t } = useTranslation('kit')
  const lines = values.map(({ label, value }) => `${label}: ${value}`).join('\n')
  return (
    <Dialog title={title} testId="kit.secret">
      <p>{text}</p>
      <dl className="mk-secret">
        {values.map(({ label, value }) => (
          <div key={label}>
            <dt>{label}</dt>
            <dd className="mk-mono">
              <span data-testid="kit.secret.value">{value}</span>
              <CopyButton text={value} label={label} />
            </dd>
          </div>
        ))}
      </dl>
      <div className="mk-actions">
        <Button onClick={() => saveFile(file, lines)}>{t('secret.download')}</Button>
        <Button type="primary" data-testid="kit.secret.stored" onClick={onStored}>
          {t('secret.stored')}
        </Button>
      </div>
    </Dialog>
  )
}

function saveFile(name: string, text: string): void {
  const url = URL.createObjectURL(new Blob([`${text}\n`], { type: 'text/plain' }))
  const link = document.createElement('a')
  link.href = url
  link.download = name
  link.click()
  URL.revokeObjectURL(url)
}
