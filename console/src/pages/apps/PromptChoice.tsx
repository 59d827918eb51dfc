import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { ask, type Schema, urlOf } from '@/api/client'
import { useRight } from '@/app/SessionContext'
import { ListenButton } from '@/kit/ListenButton'
import type { Application } from './application'

interface Props {
  app: Application
  common: Record<string, unknown> & { id: string }
  value: string | null
  onSet: (value: string | null) => void
}

const MANY = 200

/** Which prompt is played: one of the application's that is approved, or one of the platform. */
export function PromptChoice({ app, common, value, onSet }: Props) {
  const { t } = useTranslation('apps')
  const mayRead = useRight('prompt.read')
  const query = { app_key: app.app_key, limit: MANY }
  const { data: own } = useQuery({
    queryKey: ['/prompts', undefined, query],
    queryFn: () => ask<{ items: Schema<'PromptView'>[] }>('GET', '/prompts', { query }),
    enabled: mayRead,
  })
  const { data: shipped } = useQuery({
    queryKey: ['/shipped-prompts'],
    queryFn: () => ask<{ items: Schema<'ShippedPromptView'>[] }>('GET', '/shipped-prompts'),
    enabled: mayRead,
    staleTime: Number.POSITIVE_INFINITY,
  })
  const ownNames = (own?.items ?? []).filter((one) => one.approved).map(({ name }) => name)
  const shippedNames = (shipped?.items ?? []).map(({ name }) => name)
  const isKnown = value === null || [...ownNames, ...shippedNames].includes(value)
  const source =
    value === null
      ? null
      : ownNames.includes(value)
        ? urlOf('/applications/{app_key}/prompts/{name}/sound', {
            params: { app_key: app.app_key, name: value },
            query: { version: 'approved' },
          })
        : urlOf('/shipped-prompts/{name}/sound', { params: { name: value } })
  return (
    <span className="apps-row">
      <select
        {...common}
        className="mk-select"
        value={value ?? ''}
        onChange={(event) => onSet(event.target.value || null)}
      >
        <option value="">{t('slot.none')}</option>
        {!isKnown && value !== null && <option value={value}>{value}</option>}
        <optgroup label={t('slot.own')}>
          {ownNames.map((name) => (
            <option key={name} value={name}>
              {name}
            </option>
          ))}
        </optgroup>
        <optgroup label={t('slot.shipped')}>
          {shippedNames.map((name) => (
            <option key={name} value={name}>
              {name}
            </option>
          ))}
        </optgroup>
      </select>
      {source && mayRead && value && <ListenButton key={source} source={source} name={value} />}
    </span>
  )
}
