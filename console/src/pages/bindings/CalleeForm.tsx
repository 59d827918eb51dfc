import { Button } from 'antd'
import type { SyntheticEvent } from 'react'
import { useTranslation } from 'react-i18next'
import { toast } from '@/app/toast'
import { ErrorBox } from '@/kit/ErrorBox'
import { useAction } from '@/kit/useAction'
import { globalForm } from './form'
import { useSaid } from './useTroubles'

const USUAL_S = 60
const MAX_S = 259_200

/** In AX: whom A reaches through X for the next while. The number is kept in the page no longer than it is sent. */
export function CalleeForm({ id }: { id: string }) {
  const { t } = useTranslation('bindings')
  const said = useSaid()
  const { isBusy, error, act, form: watch } = useAction()
  const submit = async (event: SyntheticEvent<HTMLFormElement>) => {
    event.preventDefault()
    const form = event.currentTarget
    const given = new FormData(form)
    const duration = Number(given.get('duration'))
    await act(async ({ send }) => {
      await send('PUT', '/bindings/{id}/callee', {
        params: { id },
        body: { number: globalForm(String(given.get('number'))), duration_s: duration },
      })
      toast(t('callee.done', { s: duration }))
      form.reset()
    })
  }
  return (
    <section className="mk-card" data-testid="binding.callee">
      <h2>{t('callee.title')}</h2>
      <p className="mk-quiet">{t('callee.text')}</p>
      <form ref={watch} className="bindings-tools" onSubmit={(event) => void submit(event)}>
        <label>
          {t('callee.number')} <code>calleeNum</code>{' '}
          <input
            name="number"
            className="mk-input"
            inputMode="tel"
            maxLength={40}
            autoComplete="off"
            required
          />
        </label>
        <label>
          {t('callee.duration')} <code>duration</code>{' '}
          <input
            name="duration"
            className="mk-input"
            type="number"
            min={1}
            max={MAX_S}
            defaultValue={USUAL_S}
            required
          />
        </label>
        <Button htmlType="submit" loading={isBusy}>
          {t('callee.set')}
        </Button>
      </form>
      {error !== null && <ErrorBox error={error} title={said(error)} />}
    </section>
  )
}
