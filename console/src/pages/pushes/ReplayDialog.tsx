import { useQuery, useQueryClient } from '@tanstack/react-query'
import { Button } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { ask, type Schema } from '@/api/client'
import { CancelButton, Dialog } from '@/kit/Dialog'
import { ErrorBox } from '@/kit/ErrorBox'
import { formatCount } from '@/kit/format'
import { StepUp, useNeedsStepUp } from '@/kit/StepUp'
import { DurationText, TimeText } from '@/kit/Texts'
import { useAction } from '@/kit/useAction'
import type { Job } from '@/kit/useJob'
import { useUrl } from '@/kit/useUrl'

type Effects = Schema<'ReplayEffects'>

const USUAL_RATE = 20
const MOST_A_SECOND = 500
/** Above it the count has to be typed, and the password shown once more. */
const MANY = 1_000

interface Props {
  /** Which dead letters are meant. */
  wanted: Partial<Schema<'ReplayOrder'>>
  onClose: () => void
}

/** Says what a replay would do, and begins it as a job at a rate. */
export function ReplayDialog({ wanted, onClose }: Props) {
  const { t } = useTranslation(['pushes', 'kit'])
  const client = useQueryClient()
  const [, change] = useUrl()
  const [rate, setRate] = useState(USUAL_RATE)
  const [typed, setTyped] = useState('')
  const { isBusy, error, act } = useAction()
  const effects = useQuery({
    queryKey: ['/replay-jobs/preview', wanted],
    queryFn: () => ask<Effects>('POST', '/replay-jobs/preview', { body: wanted }),
    staleTime: 0,
    retry: false,
  })
  const count = effects.data?.pushes ?? 0
  const isMuch = count > MANY || (effects.data?.is_bounded ?? false)
  const lacksProof = useNeedsStepUp() && isMuch
  const isRate = Number.isInteger(rate) && rate >= 1 && rate <= MOST_A_SECOND
  const isReady = count > 0 && isRate && !lacksProof && (!isMuch || typed.trim() === String(count))
  const run = () =>
    act(async () => {
      const body = { ...wanted, per_second: rate }
      const job = await ask<Job>('POST', '/replay-jobs', { body })
      await client.invalidateQueries({ queryKey: ['/jobs'] })
      onClose()
      change({ job: job.job_id })
    })
  return (
    <Dialog title={t('replay.title')} onClose={onClose} testId="pushes.replayDialog">
      <div role="status" data-testid="pushes.replayDialog.effects">
        {effects.isPending && <p>{t('replay.weighing')}</p>}
        {effects.data && <EffectsOf effects={effects.data} rate={isRate ? rate : 1} />}
      </div>
      {effects.error && <ErrorBox error={effects.error} />}
      {count > 0 && <p className="mk-quiet">{t('replay.effect')}</p>}
      <div className="mk-form">
        <label>
          {t('replay.rate')}
          <input
            type="number"
            min={1}
            max={MOST_A_SECOND}
            value={Number.isNaN(rate) ? '' : rate}
            data-testid="pushes.replayDialog.rate"
            onChange={(event) => setRate(event.target.valueAsNumber)}
          />
        </label>
        {isMuch && (
          <label>
            {t('kit:confirm.type', { typed: String(count) })}
            <input
              value={typed}
              data-testid="pushes.replayDialog.typed"
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
          disabled={!isReady}
          loading={isBusy}
          data-testid="pushes.replayDialog.run"
          onClick={() => void run()}
        >
          {t('replay.run', { n: formatCount(count) })}
        </Button>
      </div>
    </Dialog>
  )
}

function EffectsOf({ effects, rate }: { effects: Effects; rate: number }) {
  const { t } = useTranslation('pushes')
  const stopped = effects.endpoints.filter(({ is_disabled }) => is_disabled)
  const left = stopped.reduce((sum, { pushes }) => sum + pushes, 0)
  const seconds = Math.ceil(effects.pushes / rate)
  return (
    <>
      {effects.pushes === 0 && left === 0 && <p>{t('replay.none')}</p>}
      {effects.pushes > 0 && (
        <>
          <p>
            {t(effects.is_bounded ? 'replay.bounded' : 'replay.matches', {
              count: effects.pushes,
              apps: formatCount(effects.applications),
              endpoints: formatCount(effects.endpoints.length - stopped.length),
            })}{' '}
            {t('replay.oldest')} <TimeText at={effects.oldest_at} />
          </p>
          <p>
            {t('replay.takes')} <DurationText ms={seconds * 1000} />
          </p>
        </>
      )}
      {left > 0 && (
        <p>{t(effects.pushes > 0 ? 'replay.disabled' : 'replay.allDisabled', { count: left })}</p>
      )}
    </>
  )
}
