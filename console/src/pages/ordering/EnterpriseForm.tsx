import { useQueryClient } from '@tanstack/react-query'
import { Button } from 'antd'
import { type SyntheticEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { toast } from '@/app/toast'
import { ErrorBox } from '@/kit/ErrorBox'
import { useAction } from '@/kit/useAction'
import { Check, Choice, Text } from './Choice'
import { BEARERS, ENTERPRISE, type Enterprise, INDUSTRIES, NATURES } from './ordering'

const TEXTS = [
  'name',
  'licence_code',
  'bearer_name',
  'other_industry',
  'scene',
  'script',
  'callee_source',
] as const
/** Shown masked: what is left empty stays as it is. */
const PEOPLE = ['legal_name', 'agent_name', 'agent_phone'] as const
const CHOICES = ['nature', 'industry', 'bearer_kind', 'authority_from', 'authority_until'] as const
const FLAGS = ['is_third_party', 'has_messages'] as const

interface Props {
  enterprise: Enterprise
  /** What was typed is kept; a form for what is there now may take its place. */
  onSaved: () => void
}

/** The words of an enterprise; what is not given yet may come later. */
export function EnterpriseForm({ enterprise, onSaved }: Props) {
  const { t } = useTranslation('ordering')
  const client = useQueryClient()
  const [before] = useState(enterprise)
  const { isBusy, error, act, form } = useAction()
  const save = async (event: SyntheticEvent<HTMLFormElement>) => {
    event.preventDefault()
    const body = changesOf(before, new FormData(event.currentTarget))
    await act(async ({ edit }) => {
      const params = { enterprise_id: enterprise.enterprise_id }
      await edit(ENTERPRISE, { params, before, body })
      toast(t('done.save'))
      await client.invalidateQueries({ queryKey: [ENTERPRISE] })
      await client.invalidateQueries({ queryKey: ['/enterprises'] })
      onSaved()
    })
  }
  return (
    <form ref={form} className="mk-card mk-form" onSubmit={(event) => void save(event)}>
      <h2>{t('enterprise.words')}</h2>
      <div className="mk-form ordering-form">
        <Text name="name" value={before.name} hint={t('hint.name')} />
        <Text name="licence_code" value={before.licence_code} />
        {PEOPLE.map((name) => (
          <Text
            key={name}
            name={name}
            placeholder={before[name]}
            hint={t(before[name] ? 'hint.stays' : `hint.${name}`)}
          />
        ))}
        <Text name="authority_from" type="date" value={before.authority_from ?? ''} />
        <Text
          name="authority_until"
          type="date"
          value={before.authority_until ?? ''}
          hint={t('hint.authority')}
        />
        <Choice name="nature" words="nature" options={NATURES} value={before.nature} />
        <Choice name="industry" words="industry" options={INDUSTRIES} value={before.industry} />
        <Text name="other_industry" value={before.other_industry} hint={t('hint.otherIndustry')} />
        <Choice name="bearer_kind" words="bearer" options={BEARERS} value={before.bearer_kind} />
        <Text name="bearer_name" value={before.bearer_name} />
        <Check name="is_third_party" value={before.is_third_party} />
        <Check name="has_messages" value={before.has_messages} />
        <Text name="scene" value={before.scene} isLong hint={t('hint.scene')} />
        <Text name="script" value={before.script} isLong hint={t('hint.script')} />
        <Text name="callee_source" value={before.callee_source} isLong hint={t('hint.source')} />
      </div>
      {error !== null && <ErrorBox error={error} />}
      {enterprise.state === 'approved' && <p className="mk-quiet">{t('enterprise.again')}</p>}
      <div className="mk-actions">
        <Button type="primary" htmlType="submit" loading={isBusy} data-testid="enterprise.save">
          {t('verb.save')}
        </Button>
      </div>
    </form>
  )
}

function changesOf(before: Enterprise, given: FormData): Record<string, unknown> {
  const body: Record<string, unknown> = {}
  const said = (name: string) => String(given.get(name) ?? '').trim()
  for (const name of TEXTS) if (said(name) !== before[name]) body[name] = said(name)
  for (const name of [...PEOPLE, ...CHOICES]) {
    if (said(name) && said(name) !== before[name]) body[name] = said(name)
  }
  if (body.agent_phone) body.agent_phone = globalForm(String(body.agent_phone))
  for (const name of FLAGS) {
    const isOn = given.get(name) === 'on'
    if (isOn !== before[name]) body[name] = isOn
  }
  return body
}

/** `138 0000 0001` as `+8613800000001`. */
export function globalForm(number: string): string {
  const digits = number.replace(/[\s-]/g, '')
  return /^1\d{10}$/.test(digits) ? `+86${digits}` : digits
}
