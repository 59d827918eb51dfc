import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { Button } from 'antd'
import { useId, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { ask } from '@/api/client'
import { CancelButton, Dialog } from '@/kit/Dialog'
import { ErrorBox } from '@/kit/ErrorBox'
import { formatCount } from '@/kit/format'
import { useAction } from '@/kit/useAction'
import { useApplications } from '@/kit/useDirectory'
import type { Job } from '@/kit/useJob'
import { ACTIONS, type Action, type Effects, NEEDS } from './number'

interface Props {
  /** By name, or all of one application. */
  numbers?: readonly string[]
  ofApp?: string
  onClose: () => void
  onBegun: () => void
}

/** One change of many numbers: what it would do is said before it begins. */
export function ChangeDialog({ numbers, ofApp, onClose, onBegun }: Props) {
  const { t } = useTranslation(['numbers', 'kit'])
  const navigate = useNavigate()
  const client = useQueryClient()
  const [action, setAction] = useState<Action>('pause')
  const [value, setValue] = useState('')
  const { isBusy, error, act, form } = useAction()
  const need = NEEDS[action]
  const isReady = !need || need === 'note' || value.trim() !== ''
  const order = {
    action,
    ...(ofApp ? { of_app: ofApp } : { numbers }),
    ...(need && { [need]: value.trim() }),
  }
  const run = async () => {
    await act(async ({ send }) => {
      const job = await send<Job>('POST', '/number-jobs', { body: order })
      await client.invalidateQueries({ queryKey: ['/jobs'] })
      onBegun()
      await navigate({ to: '/numbers/jobs/$job', params: { job: job.job_id } as never })
    })
  }
  return (
    <Dialog
      title={ofApp ? t('change.titleApp') : t('change.title', { count: numbers?.length ?? 0 })}
      onClose={onClose}
      testId="numbers.changeDialog"
    >
      <div ref={form} className="mk-form">
        <label>
          {t('change.action')}
          <select
            value={action}
            data-testid="numbers.changeDialog.action"
            onChange={(event) => {
              setAction(event.target.value as Action)
              setValue('')
            }}
          >
            {ACTIONS.map((one) => (
              <option key={one} value={one}>
                {t(`action.${one}`)}
              </option>
            ))}
          </select>
        </label>
        {need && <Need need={need} value={value} onChange={setValue} />}
        <p className="mk-quiet">{t(`effect.${action}`)}</p>
        {isReady && <EffectsOf order={order} />}
        {error !== null && <ErrorBox error={error} />}
      </div>
      <div className="mk-actions">
        <CancelButton />
        <Button
          type="primary"
          danger={action === 'assign' || action === 'blacklist'}
          disabled={!isReady}
          loading={isBusy}
          data-testid="numbers.changeDialog.run"
          onClick={() => void run()}
        >
          {t(`action.${action}`)}
        </Button>
      </div>
    </Dialog>
  )
}

interface NeedProps {
  need: 'reason' | 'app_key' | 'tag' | 'note'
  value: string
  onChange: (value: string) => void
}

const LENGTHS = { reason: 200, tag: 32, note: 200 }

function Need({ need, value, onChange }: NeedProps) {
  const { t } = useTranslation('numbers')
  const apps = useApplications()
  const id = useId()
  return (
    <label htmlFor={id}>
      {t(`need.${need}`)}
      {need === 'app_key' ? (
        <select id={id} value={value} onChange={(event) => onChange(event.target.value)}>
          <option value="">{t('need.choose')}</option>
          {apps.items.map(({ app_key, name, mode }) => (
            <option key={app_key} value={app_key}>
              {name} ({mode.toUpperCase()})
            </option>
          ))}
        </select>
      ) : (
        <input
          id={id}
          value={value}
          maxLength={LENGTHS[need]}
          onChange={(event) => onChange(event.target.value)}
        />
      )}
    </label>
  )
}

/** What the server says the order would do; nothing is changed by asking. */
function EffectsOf({ order }: { order: object }) {
  const { t } = useTranslation('numbers')
  const { data, error, isFetching } = useQuery({
    queryKey: ['/number-jobs/preview', order],
    queryFn: () => ask<Effects>('POST', '/number-jobs/preview', { body: order }),
    staleTime: 0,
    retry: false,
  })
  if (error) return <ErrorBox error={error} />
  if (!data) return <p role="status">{isFetching ? t('change.counting') : ''}</p>
  return (
    <div role="status" data-testid="numbers.changeDialog.effects">
      <ul className="numbers-effects">
        <li>
          {t('change.changes', {
            changes: formatCount(data.changes),
            numbers: formatCount(data.numbers) + (data.is_bounded ? '+' : ''),
          })}
        </li>
        {data.unchanged > 0 && <li>{t('change.unchanged', { n: formatCount(data.unchanged) })}</li>}
        {data.failed > 0 && <li>{t('change.failed', { n: formatCount(data.failed) })}</li>}
        {data.bindings > 0 && <li>{t('change.bindings', { n: formatCount(data.bindings) })}</li>}
      </ul>
    </div>
  )
}
