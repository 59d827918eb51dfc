import { useQueryClient } from '@tanstack/react-query'
import { Button } from 'antd'
import { type SyntheticEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { toast } from '@/app/toast'
import { CancelButton, Dialog } from '@/kit/Dialog'
import { ErrorBox } from '@/kit/ErrorBox'
import { useAction } from '@/kit/useAction'

const MAX_PHOTO_BYTES = 32_768

/** Reports the person behind an A number, with a photo, to be verified. */
export function ReportDialog({ tenantId, onClose }: { tenantId: string; onClose: () => void }) {
  const { t } = useTranslation(['registrants', 'kit'])
  const client = useQueryClient()
  const [type, setType] = useState<'mobile' | 'landline'>('mobile')
  const [trouble, setTrouble] = useState('')
  const { isBusy, error, act, form } = useAction()
  const send = async (event: SyntheticEvent<HTMLFormElement>) => {
    event.preventDefault()
    const given = new FormData(event.currentTarget)
    const text = (name: string) => String(given.get(name) ?? '').trim()
    const photo = given.get('photo')
    if (!(photo instanceof File) || photo.size === 0) return
    if (photo.size > MAX_PHOTO_BYTES) return setTrouble(t('report.tooLarge'))
    setTrouble('')
    const packed = await base64Of(photo)
    await act(async ({ send }) => {
      await send('POST', '/tenants/{tenant_id}/registrant-reports', {
        params: { tenant_id: tenantId },
        body: {
          number: text('number'),
          number_type: type,
          name: text('name'),
          identity_card: text('identity_card'),
          operator_number: type === 'landline' ? text('operator_number') : null,
          photo: packed,
          agrees: given.get('agrees') === 'on',
        },
      })
      await client.invalidateQueries({ queryKey: ['/registrants'] })
      toast(t('report.sent'))
      onClose()
    })
  }
  return (
    <Dialog title={t('report.open')} onClose={onClose} testId="registrants.form">
      <form ref={form} className="mk-form" onSubmit={(event) => void send(event)}>
        <p className="mk-quiet">{t('report.effect')}</p>
        <label>
          {t('column.type')}
          <select
            value={type}
            onChange={(event) => setType(event.target.value as 'mobile' | 'landline')}
          >
            <option value="mobile">{t('type.mobile')}</option>
            <option value="landline">{t('type.landline')}</option>
          </select>
        </label>
        <label>
          {t('column.number')}
          <input name="number" required maxLength={20} placeholder="+86139…" autoComplete="off" />
        </label>
        <label>
          {t(type === 'mobile' ? 'report.owner' : 'report.handler')}
          <input name="name" required maxLength={50} autoComplete="off" />
        </label>
        <label>
          {t('column.card')}
          <input name="identity_card" required maxLength={20} autoComplete="off" />
        </label>
        {type === 'landline' && (
          <label>
            {t('column.operator')}
            <input name="operator_number" required maxLength={20} autoComplete="off" />
          </label>
        )}
        <label>
          {t('report.photo')}
          <input name="photo" type="file" required accept="image/jpeg,image/png" />
        </label>
        <label>
          <span>
            <input name="agrees" type="checkbox" required /> {t('report.agrees')}
          </span>
        </label>
        {trouble && (
          <p className="mk-error" role="alert">
            {trouble}
          </p>
        )}
        {error !== null && <ErrorBox error={error} />}
        <div className="mk-actions">
          <CancelButton />
          <Button
            type="primary"
            htmlType="submit"
            loading={isBusy}
            data-testid="registrants.form.send"
          >
            {t('report.send')}
          </Button>
        </div>
      </form>
    </Dialog>
  )
}

async function base64Of(file: File): Promise<string> {
  const bytes = new Uint8Array(await file.arrayBuffer())
  return btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(''))
}
