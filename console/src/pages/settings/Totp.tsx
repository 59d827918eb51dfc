import { useQueryClient } from '@tanstack/react-query'
import { Button, QRCode } from 'antd'
import { type SyntheticEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { ask, type Schema } from '@/api/client'
import { useSession } from '@/app/SessionContext'
import { toast } from '@/app/toast'
import { ConfirmButton } from '@/kit/ConfirmButton'
import { CopyButton } from '@/kit/CopyButton'
import { CancelButton, Dialog } from '@/kit/Dialog'
import { ErrorBox } from '@/kit/ErrorBox'
import { StateTag } from '@/kit/StateTag'
import { useAction } from '@/kit/useAction'

/** A second factor: given by an authenticator app, kept once a code of it has come back. */
export function Totp() {
  const { t } = useTranslation('settings')
  const { user } = useSession()
  const client = useQueryClient()
  const [begun, setBegun] = useState<Schema<'TotpView'> | null>(null)
  const refresh = () => client.invalidateQueries({ queryKey: ['session'] })
  const remove = async () => {
    await ask('DELETE', '/profile/totp')
    await refresh()
    toast(t('totp.removed'))
  }
  return (
    <section className="mk-card" data-testid="security.totp">
      <h2>{t('totp.title')}</h2>
      <p>
        <StateTag tone={user.has_totp ? 'ok' : 'warn'}>
          {t(user.has_totp ? 'totp.on' : 'totp.off')}
        </StateTag>{' '}
        {t('totp.what')}
      </p>
      {user.has_totp ? (
        <ConfirmButton
          label={t('totp.remove')}
          level={3}
          danger
          effect={t('totp.removeEffect')}
          onConfirm={remove}
        />
      ) : (
        <ConfirmButton
          label={t('totp.begin')}
          level={3}
          type="primary"
          effect={t('totp.beginEffect')}
          testId="security.totp.begin"
          onConfirm={async () => setBegun(await ask('POST', '/profile/totp'))}
        />
      )}
      {begun && (
        <TotpDialog
          begun={begun}
          onClose={() => setBegun(null)}
          onDone={async () => {
            setBegun(null)
            await refresh()
            toast(t('totp.done'))
          }}
        />
      )}
    </section>
  )
}

interface Props {
  begun: Schema<'TotpView'>
  onClose: () => void
  onDone: () => Promise<void>
}

function TotpDialog({ begun, onClose, onDone }: Props) {
  const { t } = useTranslation(['settings', 'kit'])
  const { isBusy, error, act, form } = useAction()
  const confirm = async (event: SyntheticEvent<HTMLFormElement>) => {
    event.preventDefault()
    const code = String(new FormData(event.currentTarget).get('code')).replace(/\s/g, '')
    await act(async ({ send }) => {
      await send('PUT', '/profile/totp', { body: { secret: begun.secret, code } })
      await onDone()
    })
  }
  return (
    <Dialog title={t('totp.scan')} onClose={onClose} testId="security.totp.dialog">
      <p>{t('totp.how')}</p>
      {/* The library gives its drawing no name: the box around it has one. */}
      <div className="settings-qr" role="img" aria-label={t('totp.qr')}>
        <div aria-hidden="true">
          <QRCode value={begun.uri} type="svg" color="#000" bgColor="#fff" />
        </div>
      </div>
      <p>
        {t('totp.byHand')} <code className="settings-key">{begun.secret}</code>
        <CopyButton text={begun.secret} />
      </p>
      <form ref={form} className="mk-form" onSubmit={(event) => void confirm(event)}>
        <label>
          {t('totp.code')}
          <input
            name="code"
            inputMode="numeric"
            autoComplete="one-time-code"
            pattern="[0-9 ]{6,7}"
            required
            data-testid="security.totp.code"
          />
        </label>
        {error !== null && <ErrorBox error={error} />}
        <div className="mk-actions">
          <CancelButton />
          <Button type="primary" htmlType="submit" loading={isBusy}>
            {t('totp.confirm')}
          </Button>
        </div>
      </form>
    </Dialog>
  )
}
