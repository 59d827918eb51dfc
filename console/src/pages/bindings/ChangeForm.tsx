import { useQueryClient } from '@tanstack/react-query'
import { Button } from 'antd'
import { type SyntheticEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { toast } from '@/app/toast'
import { ErrorBox } from '@/kit/ErrorBox'
import { useAction } from '@/kit/useAction'
import type { Binding } from './binding'
import { FieldInputs } from './FieldInputs'
import { bodyOf, FIELDS, type FormMode, type Values } from './form'
import { useSaid, useTroubles } from './useTroubles'

/** Changes some parameters of a live binding; what is left empty stays as it is. */
export function ChangeForm({ binding, onClose }: { binding: Binding; onClose: () => void }) {
  const { t } = useTranslation(['bindings', 'kit'])
  const client = useQueryClient()
  const said = useSaid()
  const mode = binding.mode as FormMode
  const fields = FIELDS.filter(({ changes }) => changes?.includes(mode))
  const [values, setValues] = useState<Values>({})
  const [opened] = useState(binding)
  const { isBusy, error, act, form } = useAction()
  const names = fields.map(({ name }) => name)
  const { troubles, atHead } = useTroubles(error, names)
  const body = bodyOf(mode, values)
  const submit = async (event: SyntheticEvent) => {
    event.preventDefault()
    await act(async ({ edit }) => {
      const params = { id: binding.binding_id }
      await edit('/bindings/{id}', { params, before: opened, body })
      await client.invalidateQueries({ queryKey: ['/bindings'] })
      toast(t('change.done'))
      onClose()
    })
  }
  return (
    <form
      ref={form}
      className="mk-card"
      data-testid="binding.changeForm"
      onSubmit={(e) => void submit(e)}
    >
      <h2>{t('change.title')}</h2>
      <p className="mk-quiet">{t('change.text')}</p>
      {atHead !== null && <ErrorBox error={atHead} title={said(atHead)} />}
      <FieldInputs
        mode={mode}
        fields={fields}
        values={values}
        troubles={troubles}
        isChange
        onChange={(name, value) => setValues((before) => ({ ...before, [name]: value }))}
      />
      <div className="mk-actions">
        <Button onClick={onClose}>{t('kit:cancel')}</Button>
        <Button
          type="primary"
          htmlType="submit"
          loading={isBusy}
          disabled={Object.keys(body).length === 0}
          data-testid="binding.changeForm.submit"
        >
          {t('change.submit')}
        </Button>
      </div>
    </form>
  )
}
