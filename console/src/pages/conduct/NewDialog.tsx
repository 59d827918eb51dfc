import { useQuery, useQueryClient } from '@tanstack/react-query'
import { type SyntheticEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { api } from '@/api/client'
import { toast } from '@/app/toast'
import { CancelButton, Dialog } from '@/kit/Dialog'
import { ErrorBox } from '@/kit/ErrorBox'
import { useAction } from '@/kit/useAction'
import { CAUSES, MEASURES, RULES } from './conduct'

interface Props {
  about: 'complaint' | 'violation'
  /** The complaint that showed the violation: it knows the tenant. */
  complaintId?: string
  onClose: () => void
}

/** Takes a complaint in, or records a violation and takes its measure. */
export function NewDialog({ about, complaintId, onClose }: Props) {
  const { t } = useTranslation('conduct')
  const client = useQueryClient()
  const { isBusy, error, act, form } = useAction()
  const save = (event: SyntheticEvent<HTMLFormElement>) => {
    event.preventDefault()
    const given = [...new FormData(event.currentTarget)].map(
      ([name, value]) => [name, String(value).trim()] as const,
    )
    const body: Record<string, string> = Object.fromEntries(given.filter(([, value]) => value))
    if (complaintId) body.complaint_id = complaintId
    void act(async ({ send }) => {
      await send('POST', about === 'complaint' ? '/complaints' : '/violations', { body })
      await client.invalidateQueries()
      toast(t(`${about}.added`))
      onClose()
    })
  }
  return (
    <Dialog title={t(`${about}.add`)} onClose={onClose} testId={`conduct.${about}.form`}>
      <form ref={form} className="mk-form" onSubmit={save}>
        {about === 'complaint' ? <ComplaintFields /> : <ViolationFields isOfOne={!complaintId} />}
        <label>
          {t('evidence')}
          <input name="evidence" maxLength={2000} placeholder={t('evidenceHint')} />
        </label>
        {error !== null && <ErrorBox error={error} />}
        <div className="mk-actions">
          <button
            type="submit"
            className="mk-button is-primary"
            disabled={isBusy}
            data-testid="conduct.save"
          >
            {t(`${about}.add`)}
          </button>
          <CancelButton />
        </div>
      </form>
    </Dialog>
  )
}

function ComplaintFields() {
  const { t } = useTranslation('conduct')
  return (
    <>
      <label>
        {t('cause.label')}
        <select name="cause" required>
          {CAUSES.map((one) => (
            <option key={one} value={one}>
              {t(`cause.${one}`)}
            </option>
          ))}
        </select>
      </label>
      <label>
        {t('x')}
        <input name="x" maxLength={32} placeholder="+86170…" data-testid="conduct.x" />
      </label>
      <label>
        {t('sessionOr')}
        <input name="session_id" maxLength={64} />
      </label>
      <label>
        {t('complainant')}
        <input name="complainant" maxLength={32} autoComplete="off" />
      </label>
      <label>
        {t('text')}
        <textarea name="text" rows={3} maxLength={2000} />
      </label>
    </>
  )
}

function ViolationFields({ isOfOne }: { isOfOne: boolean }) {
  const { t, i18n } = useTranslation('conduct')
  const [rule, setRule] = useState<string>(RULES[0])
  const { data } = useQuery({
    queryKey: ['/prohibited-business'],
    queryFn: () => api.get('/prohibited-business'),
    enabled: rule === 'prohibited_business',
  })
  return (
    <>
      <label>
        {t('rule.label')}
        <select
          name="rule"
          required
          value={rule}
          onChange={(event) => setRule(event.target.value)}
          data-testid="conduct.rule"
        >
          {RULES.map((one) => (
            <option key={one} value={one}>
              {t(`rule.${one}`)}
            </option>
          ))}
        </select>
      </label>
      {rule === 'prohibited_business' && (
        <label>
          {t('business')}
          <select name="business" required>
            {(data?.items ?? []).map((one) => (
              <option key={one.code} value={one.code}>
                {i18n.language.startsWith('zh') ? one.zh : one.en}
              </option>
            ))}
          </select>
        </label>
      )}
      <label>
        {t('measure.label')}
        <select name="measure" required data-testid="conduct.measure">
          {MEASURES.map((one) => (
            <option key={one} value={one}>
              {t(`measure.${one}`)}
            </option>
          ))}
        </select>
      </label>
      {isOfOne && (
        <>
          <label>
            {t('tenantOf')} <code>tenant_id</code>
            <input name="tenant_id" maxLength={64} required />
          </label>
          <label>
            {t('appOf')} <code>appKey</code>
            <input name="app_key" maxLength={64} />
          </label>
        </>
      )}
      <label>
        {t('reasonRead')}
        <input name="reason" maxLength={256} required data-testid="conduct.violation.reason" />
      </label>
    </>
  )
}
