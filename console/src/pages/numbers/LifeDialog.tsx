import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { Button } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { ask, type Schema } from '@/api/client'
import { CancelButton, Dialog } from '@/kit/Dialog'
import { ErrorBox } from '@/kit/ErrorBox'
import { formatCount } from '@/kit/format'
import { PlainTable } from '@/kit/PlainTable'
import { StepUp, useNeedsStepUp } from '@/kit/StepUp'
import { NumberText, TimeText } from '@/kit/Texts'
import { useAction } from '@/kit/useAction'
import { useApplications } from '@/kit/useDirectory'
import type { Job } from '@/kit/useJob'

type Effects = Schema<'LifeEffects'>
export type LifeVerb = 'transfer' | 'release'

const PATHS = { transfer: '/number-transfers', release: '/number-returns' } as const

interface Props {
  verb: LifeVerb
  numbers: readonly string[]
  onClose: () => void
  onBegun: () => void
}

/** Numbers go to another application, or back: what that ends and costs is said before it begins. */
export function LifeDialog({ verb, numbers, onClose, onBegun }: Props) {
  const { t } = useTranslation(['numbers', 'kit'])
  const navigate = useNavigate()
  const client = useQueryClient()
  const [to, setTo] = useState('')
  const [typed, setTyped] = useState('')
  const [reason, setReason] = useState('')
  const lacksProof = useNeedsStepUp() && verb === 'release'
  const { isBusy, error, act, form } = useAction()
  const order = { numbers, reason, ...(verb === 'transfer' && { app_key: to }) }
  const isNamed = verb === 'release' || to !== ''
  const isTyped = verb === 'transfer' || typed.trim() === String(numbers.length)
  const run = async () => {
    await act(async ({ send }) => {
      const job = await send<Job>('POST', PATHS[verb], { body: order })
      await client.invalidateQueries({ queryKey: ['/jobs'] })
      onBegun()
      await navigate({ to: '/numbers/jobs/$job', params: { job: job.job_id } as never })
    })
  }
  return (
    <Dialog
      title={t(`life.${verb}.title`, { count: numbers.length })}
      onClose={onClose}
      testId={`numbers.${verb}Dialog`}
    >
      <div ref={form} className="mk-form">
        <p className="mk-quiet">{t(`life.${verb}.effect`)}</p>
        {verb === 'transfer' && <Target value={to} onChange={setTo} />}
        {isNamed && <Weighed verb={verb} order={order} />}
        <label>
          {t('life.reason')}
          <input
            value={reason}
            maxLength={200}
            onChange={(event) => setReason(event.target.value)}
          />
        </label>
        {verb === 'release' && (
          <label>
            {t('kit:confirm.type', { typed: numbers.length })}
            <input
              value={typed}
              inputMode="numeric"
              data-testid="numbers.releaseDialog.typed"
              onChange={(event) => setTyped(event.target.value)}
            />
          </label>
        )}
      </div>
      {lacksProof && <StepUp />}
      {error !== null && <ErrorBox error={error} />}
      <div className="mk-actions">
        <CancelButton />
        <Button
          type="primary"
          danger
          disabled={!isNamed || !isTyped || lacksProof}
          loading={isBusy}
          data-testid={`numbers.${verb}Dialog.run`}
          onClick={() => void run()}
        >
          {t(`life.${verb}.run`, { count: numbers.length })}
        </Button>
      </div>
    </Dialog>
  )
}

function Target({ value, onChange }: { value: string; onChange: (value: string) => void }) {
  const { t } = useTranslation('numbers')
  const apps = useApplications()
  return (
    <label>
      {t('life.transfer.to')}
      <select
        value={value}
        data-testid="numbers.transferDialog.to"
        onChange={(event) => onChange(event.target.value)}
      >
        <option value="">{t('need.choose')}</option>
        {apps.items.map(({ app_key, name, mode }) => (
          <option key={app_key} value={app_key}>
            {name} ({mode.toUpperCase()})
          </option>
        ))}
      </select>
    </label>
  )
}

/** What the server says would become of each number; nothing is changed by asking. */
function Weighed({ verb, order }: { verb: LifeVerb; order: { numbers: readonly string[] } }) {
  const { t } = useTranslation('numbers')
  const asked = { ...order, reason: '' }
  const { data, error } = useQuery({
    queryKey: [`${PATHS[verb]}/preview`, asked],
    queryFn: () => ask<Effects>('POST', `${PATHS[verb]}/preview`, { body: asked }),
    staleTime: 0,
    retry: false,
  })
  if (error) return <ErrorBox error={error} />
  if (!data) return <p role="status">{t('change.counting')}</p>
  return (
    <div role="status" data-testid={`numbers.${verb}Dialog.effects`}>
      <ul className="numbers-effects">
        <li>
          {t(`life.${verb}.go`, {
            changes: formatCount(data.changes),
            numbers: formatCount(data.numbers),
          })}
        </li>
        {data.unchanged > 0 && <li>{t('change.unchanged', { n: formatCount(data.unchanged) })}</li>}
        {data.failed > 0 && <li>{t('life.stay', { n: formatCount(data.failed) })}</li>}
        <li>{t('life.bindings', { n: formatCount(data.bindings) })}</li>
        {data.rent_until && (
          <li>
            {t('life.rent')} <TimeText at={data.rent_until} />
          </li>
        )}
      </ul>
      {data.items.length > 0 && (
        <PlainTable
          label={t('life.items')}
          rows={data.items}
          rowId={({ number }) => number}
          columns={[
            {
              key: 'number',
              title: t('column.number'),
              render: ({ number }) => <NumberText number={number} />,
            },
            {
              key: 'bindings',
              title: t('life.ends'),
              render: ({ bindings }) => formatCount(bindings),
            },
            {
              key: 'why',
              title: t('row.wrong'),
              render: ({ code, message }) =>
                code && t(`rowCode.${code}.wrong`, { defaultValue: message }),
            },
          ]}
        />
      )}
      {data.is_cut && <p className="mk-quiet">{t('life.cut')}</p>}
    </div>
  )
}
