import { Button } from 'antd'
import { type ReactNode, type SyntheticEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { ApiError } from '@/api/error'
import { useRight, useSession } from '@/app/SessionContext'
import { toast } from '@/app/toast'
import { ErrorBox } from '@/kit/ErrorBox'
import { useAction } from '@/kit/useAction'
import { useOpened } from '@/kit/useOpened'
import {
  type AppField,
  type Application,
  fieldOf,
  patchOf,
  SECTIONS,
  type Section,
  useChangeOf,
  type Value,
} from './application'
import { PromptChoice } from './PromptChoice'

interface Props {
  app: Application
  section: Section
  children?: ReactNode
}

/** One section: what of it was changed is sent, and takes effect at once. */
export function SectionForm({ app: latest, section, children }: Props) {
  const { t } = useTranslation(['apps', 'kit'])
  const mayWrite = useRight('application.write')
  const { tenant } = useSession()
  const [changes, setChanges] = useState<Record<string, Value>>({})
  const { isBusy, error, act, form, forget } = useAction()
  const isChanged = Object.keys(changes).length > 0
  const app = useOpened(latest, isChanged)
  const change = useChangeOf(app)
  const all: readonly AppField[] = SECTIONS[section]
  const fields = all.filter(({ onlyIn }) => !onlyIn || onlyIn === app.mode)
  const set = (name: string, value: Value) => {
    const isSame = JSON.stringify(value) === JSON.stringify(fieldOf(app, name))
    const { [name]: _, ...rest } = changes
    setChanges(isSame ? rest : { ...rest, [name]: value })
  }
  const save = async (event: SyntheticEvent) => {
    event.preventDefault()
    await act(async (requests) => {
      await change(requests, patchOf(changes))
      setChanges({})
      toast(t('saved', { section: t(`section.${section}`) }))
    })
  }
  const refused = error instanceof ApiError ? error.field : undefined
  return (
    <section className="mk-card" id={section} data-testid={`app.${section}`}>
      <h2>{t(`section.${section}`)}</h2>
      {children}
      <form ref={form} className="apps-form" onSubmit={(event) => void save(event)}>
        {fields.map((field) => (
          <OneField
            key={field.name}
            app={app}
            field={field}
            value={changes[field.name] ?? (field.name in changes ? null : fieldOf(app, field.name))}
            isLocked={!mayWrite || (field.isOfPlatform === true && tenant !== null)}
            isRefused={refused === field.name}
            onSet={(value) => set(field.name, value)}
          />
        ))}
        {error !== null && <ErrorBox error={error} />}
        {mayWrite && (
          <div className="apps-save">
            <Button
              type={isChanged ? 'primary' : 'default'}
              htmlType="submit"
              disabled={!isChanged}
              loading={isBusy}
              data-testid={`app.${section}.save`}
            >
              {t('save')}
            </Button>
            {isChanged && (
              <Button
                onClick={() => {
                  setChanges({})
                  forget()
                }}
              >
                {t('discard')}
              </Button>
            )}
            {isChanged && <span className="mk-quiet">{t('atOnce')}</span>}
          </div>
        )}
      </form>
    </section>
  )
}

interface FieldProps {
  app: Application
  field: AppField
  value: Value
  isLocked: boolean
  isRefused: boolean
  onSet: (value: Value) => void
}

function OneField({ app, field, value, isLocked, isRefused, onSet }: FieldProps) {
  const { t } = useTranslation('apps')
  const { name, kind, max } = field
  const id = `field-${name}`
  const hint = field.hasHint ? t(`hint.${name}`) : ''
  const why = field.isOfPlatform && isLocked ? t('ofPlatform') : ''
  const common = {
    id,
    disabled: isLocked,
    'aria-invalid': isRefused || undefined,
    'aria-describedby': hint || why ? `${id}-hint` : undefined,
    'data-testid': `app.field.${name}`,
  }
  const label = (
    <>
      {t(`field.${name}`)} <code>{name}</code>
    </>
  )
  const help = (hint || why) && (
    <small id={`${id}-hint`} className="mk-quiet">
      {hint} {why}
    </small>
  )
  if (kind === 'flag') {
    return (
      <div>
        <label className="apps-flag" htmlFor={id}>
          <input
            {...common}
            type="checkbox"
            checked={value === true}
            onChange={(event) => onSet(event.target.checked)}
          />
          <span>{label}</span>
        </label>
        {help}
      </div>
    )
  }
  return (
    <div className="apps-field">
      <label htmlFor={id}>{label}</label>
      {kind === 'prompt' && (
        <PromptChoice app={app} common={common} value={value as string | null} onSet={onSet} />
      )}
      {kind === 'choice' && (
        <select {...common} value={String(value)} onChange={(event) => onSet(event.target.value)}>
          {(field.options ?? []).map((one) => (
            <option key={one} value={one}>
              {t(`choice.${name}.${one}`)}
            </option>
          ))}
        </select>
      )}
      {kind === 'lines' && (
        <textarea
          {...common}
          rows={3}
          value={(value as readonly string[]).join('\n')}
          onChange={(event) => onSet(event.target.value ? event.target.value.split('\n') : [])}
          onBlur={(event) => onSet(event.target.value.split('\n').map(trim).filter(Boolean))}
        />
      )}
      {kind === 'count' && (
        <input
          {...common}
          type="number"
          min={0}
          max={max}
          required
          value={value === null ? '' : String(value)}
          onChange={(event) => onSet(event.target.value === '' ? null : event.target.valueAsNumber)}
        />
      )}
      {kind === 'text' && (
        <input
          {...common}
          maxLength={max}
          required={name === 'name'}
          value={String(value ?? '')}
          onChange={(event) =>
            onSet(field.isNullable && event.target.value === '' ? null : event.target.value)
          }
        />
      )}
      {help}
    </div>
  )
}

const trim = (text: string) => text.trim()
