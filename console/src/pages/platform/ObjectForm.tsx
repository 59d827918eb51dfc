import './platform.css'
import { useQueryClient } from '@tanstack/react-query'
import { Button } from 'antd'
import { type ReactNode, type SyntheticEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { ApiError } from '@/api/error'
import { toast } from '@/app/toast'
import { CancelButton, Dialog } from '@/kit/Dialog'
import { ErrorBox } from '@/kit/ErrorBox'
import { messageOf } from '@/kit/errorText'
import { useAction } from '@/kit/useAction'
import { FieldInput } from './FieldInput'
import { bodyOf, type FieldSpec, startOf, type Values } from './fields'

interface Props {
  /** Where its texts stand: `trunk`, `link`, `tenant`. */
  about: string
  /** The list: `/trunks`. */
  path: string
  fields: readonly FieldSpec[]
  /** The object that is changed, and its name in the path; without it one is added. */
  before?: object
  name?: string
  effect?: ReactNode
  onClose: () => void
}

/** Adds an object to a list of the platform, or changes some fields of one. */
export function ObjectForm({ about, path, fields, before, name, effect, onClose }: Props) {
  const { t } = useTranslation(['platform', 'kit'])
  const client = useQueryClient()
  const asked = fields.filter((field) => (before ? !field.isOnce : !field.isLater))
  const [values, setValues] = useState<Values>(() => startOf(asked, before))
  const [opened] = useState(before)
  const { isBusy, error, act, form } = useAction()
  const refused = error instanceof ApiError ? error.field?.split(/[.[]/)[0] : undefined
  const isShown = asked.some((field) => field.name === refused)
  const changes = bodyOf(asked, values, before)
  const send = async (event: SyntheticEvent<HTMLFormElement>) => {
    event.preventDefault()
    await act(async ({ send, edit }) => {
      if (name !== undefined && opened) {
        await edit(`${path}/{name}`, { params: { name }, before: opened, body: changes })
      } else await send('POST', path, { body: changes })
      await client.invalidateQueries({ queryKey: [path] })
      toast(t(before ? 'form.changed' : 'form.added'))
      onClose()
    })
  }
  const show = (field: FieldSpec) => (
    <FieldInput
      key={field.name}
      about={about}
      field={field}
      value={values[field.name] ?? null}
      refusal={field.name === refused ? messageOf(error, t) : undefined}
      onChange={(value) => setValues((known) => ({ ...known, [field.name]: value }))}
    />
  )
  const more = asked.filter((field) => field.isMore)
  return (
    <Dialog
      title={before ? t(`${about}.change`, { name }) : t(`${about}.add`)}
      onClose={onClose}
      testId={`platform.${about}Form`}
    >
      <form ref={form} className="platform-form" onSubmit={(event) => void send(event)}>
        {error !== null && !isShown && <ErrorBox error={error} />}
        <div className="mk-form">{asked.filter((field) => !field.isMore).map(show)}</div>
        {more.length > 0 && (
          <details open={more.some((field) => field.name === refused) || undefined}>
            <summary>{t('form.more')}</summary>
            <div className="mk-form">{more.map(show)}</div>
          </details>
        )}
        {effect && <p className="mk-quiet">{effect}</p>}
        <div className="mk-actions">
          <CancelButton />
          <Button
            type="primary"
            htmlType="submit"
            loading={isBusy}
            disabled={Object.keys(changes).length === 0}
            data-testid={`platform.${about}Form.send`}
          >
            {before ? t('form.save') : t(`${about}.add`)}
          </Button>
        </div>
      </form>
    </Dialog>
  )
}
