import { useQueryClient } from '@tanstack/react-query'
import { Button } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { FormRequests } from '@/api/change'
import { urlOf } from '@/api/client'
import { useRight } from '@/app/SessionContext'
import { toast } from '@/app/toast'
import { ConfirmButton } from '@/kit/ConfirmButton'
import { DetailDrawer } from '@/kit/DetailDrawer'
import { Fields } from '@/kit/Fields'
import { MaskedNumber } from '@/kit/MaskedNumber'
import { StateTag } from '@/kit/StateTag'
import { NONE, TimeText } from '@/kit/Texts'
import { type Registrant, TONES } from './ActualUsersPage'

interface Props {
  registrant: Registrant
  onClose: () => void
  onNext: () => void
  onPrevious: () => void
}

/** One actual user: who it is, how the verification stands, and the decision about it. */
export function RegistrantDrawer({ registrant, ...moves }: Props) {
  const { t } = useTranslation('registrants')
  const mayReveal = useRight('number.reveal')
  const mayReview = useRight('registrant.review')
  const params = pathOf(registrant)
  const [isShown, setShown] = useState(false)
  return (
    <DetailDrawer
      title={<MaskedNumber masked={registrant.number} role="A" />}
      testId="registrants.one"
      {...moves}
    >
      <Fields
        fields={[
          {
            label: t('column.status'),
            value: (
              <StateTag tone={TONES[registrant.status]}>
                {t(`status.${registrant.status}`)}
              </StateTag>
            ),
          },
          { label: t('column.reason'), value: registrant.fail_reason ?? NONE },
          { label: t('column.type'), value: t(`type.${registrant.number_type}`) },
          { label: t('column.name'), value: registrant.name },
          { label: t('column.card'), value: registrant.identity_card },
          { label: t('column.operator'), value: registrant.operator_number ?? NONE },
          { label: t('column.failures'), value: String(registrant.failures) },
          { label: t('column.submitted'), value: <TimeText at={registrant.submitted_at} /> },
          {
            label: t('column.decided'),
            value: registrant.decided_at ? <TimeText at={registrant.decided_at} /> : NONE,
          },
        ]}
      />
      {registrant.has_photo && (mayReveal || mayReview) && (
        <>
          <Button data-testid="registrants.photo" onClick={() => setShown(!isShown)}>
            {t(isShown ? 'photo.hide' : 'photo.show')}
          </Button>
          <p className="mk-quiet">{t('photo.kept')}</p>
          {isShown && (
            <img
              src={urlOf('/tenants/{tenant_id}/registrants/{number}/photo', { params })}
              alt={t('photo.alt')}
              width={160}
            />
          )}
        </>
      )}
      <Decisions registrant={registrant} onDone={moves.onClose} />
    </DetailDrawer>
  )
}

const pathOf = (one: Registrant) => ({ tenant_id: one.tenant_id, number: one.who ?? '' })

function Decisions({ registrant, onDone }: { registrant: Registrant; onDone: () => void }) {
  const { t } = useTranslation('registrants')
  const client = useQueryClient()
  const mayReview = useRight('registrant.review')
  const mayWrite = useRight('registrant.write')
  const [reason, setReason] = useState('')
  const params = pathOf(registrant)
  const path = '/tenants/{tenant_id}/registrants/{number}'
  const decide =
    (method: 'POST' | 'DELETE', verb: string, body?: object) => async (requests: FormRequests) => {
      await requests.send(method, verb ? `${path}/${verb}` : path, { params, body })
      await client.invalidateQueries({ queryKey: ['/registrants'] })
      toast(t(`done.${verb || 'remove'}`))
      onDone()
    }
  return (
    <div className="mk-actions">
      {mayReview && registrant.status !== 'registered' && (
        <ConfirmButton
          label={t('accept')}
          level={1}
          type="primary"
          effect={<p>{t('acceptEffect')}</p>}
          testId="registrants.accept"
          onConfirm={decide('POST', 'accept')}
        />
      )}
      {mayReview && registrant.status !== 'failed' && (
        <ConfirmButton
          label={t('reject')}
          level={1}
          danger
          effect={
            <label className="mk-form">
              {t('rejectReason')}
              <input
                value={reason}
                maxLength={256}
                data-testid="registrants.reason"
                onChange={(event) => setReason(event.target.value)}
              />
            </label>
          }
          testId="registrants.reject"
          onConfirm={decide('POST', 'reject', { reason })}
        />
      )}
      {mayWrite && (
        <ConfirmButton
          label={t('remove')}
          level={1}
          danger
          effect={<p>{t('removeEffect')}</p>}
          testId="registrants.remove"
          onConfirm={decide('DELETE', '')}
        />
      )}
    </div>
  )
}
