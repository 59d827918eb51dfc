import { Button } from 'antd'
import type { SyntheticEvent } from 'react'
import { useTranslation } from 'react-i18next'
import { useRight } from '@/app/SessionContext'
import { toast } from '@/app/toast'
import { ErrorBox } from '@/kit/ErrorBox'
import { NONE } from '@/kit/Texts'
import { useAction } from '@/kit/useAction'
import { type Application, useChangeOf } from './application'

const MAX_LABELS = 10

export function LabelsText({ app }: { app: Application }) {
  const labels = Object.entries(app.labels)
  if (labels.length === 0) return NONE
  return (
    <span className="apps-labels">
      {labels.map(([key, value]) => (
        <span key={key} className="mk-chip">
          {value ? `${key}=${value}` : key}
        </span>
      ))}
    </span>
  )
}

/** Names and values of the tenant's own, to find and sort applications by. */
export function Labels({ app }: { app: Application }) {
  const { t } = useTranslation('apps')
  const mayWrite = useRight('application.write')
  const change = useChangeOf(app)
  const { isBusy, error, act, form: watch } = useAction()
  const labels = Object.entries(app.labels)
  const set = async (patch: Record<string, string | null>, form?: HTMLFormElement) => {
    await act(async (requests) => {
      await change(requests, { labels: patch })
      toast(t('saved', { section: t('section.labels') }))
      form?.reset()
    })
  }
  const add = async (event: SyntheticEvent<HTMLFormElement>) => {
    event.preventDefault()
    const form = event.currentTarget
    const given = new FormData(form)
    const key = String(given.get('key')).trim()
    await set({ [key]: String(given.get('value')).trim() }, form)
  }
  return (
    <section className="mk-card" id="labels" data-testid="app.labels">
      <h2>{t('section.labels')}</h2>
      {labels.length === 0 && <p className="mk-quiet">{t('label.none')}</p>}
      <ul className="apps-list">
        {labels.map(([key, value]) => (
          <li key={key}>
            <span>
              <code>{key}</code> = {value || NONE}
            </span>
            {mayWrite && (
              <Button
                size="small"
                aria-label={t('label.removeOf', { key })}
                onClick={() => void set({ [key]: null })}
              >
                {t('label.remove')}
              </Button>
            )}
          </li>
        ))}
      </ul>
      {mayWrite && labels.length < MAX_LABELS && (
        <form ref={watch} className="apps-row" onSubmit={(event) => void add(event)}>
          <label>
            {t('label.key')} <input className="mk-input" name="key" maxLength={128} required />
          </label>
          <label>
            {t('label.value')} <input className="mk-input" name="value" maxLength={255} />
          </label>
          <Button htmlType="submit" loading={isBusy}>
            {t('label.add')}
          </Button>
        </form>
      )}
      {error !== null && <ErrorBox error={error} />}
    </section>
  )
}
