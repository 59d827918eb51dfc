import { useQueryClient } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { FormRequests } from '@/api/change'
import { useRight } from '@/app/SessionContext'
import { toast } from '@/app/toast'
import { AppName } from '@/kit/AppName'
import { ConfirmButton } from '@/kit/ConfirmButton'
import { DetailDrawer } from '@/kit/DetailDrawer'
import { Fields } from '@/kit/Fields'
import { formatCount } from '@/kit/format'
import { Sparkline } from '@/kit/Sparkline'
import { StateTag } from '@/kit/StateTag'
import { NONE, TimeText } from '@/kit/Texts'
import { useCodes } from '@/kit/useCodes'
import { CauseText, EvidenceLink } from './ProblemParts'
import type { Problem } from './problem'

interface Props {
  problem: Problem
  onClose: () => void
  onNext: () => void
  onPrevious: () => void
}

/** One problem: why, since when, what to do, and what somebody said about it. */
export function ProblemDrawer({ problem, ...moves }: Props) {
  const { t } = useTranslation(['problems', 'kit'])
  return (
    <DetailDrawer title={<CauseText problem={problem} />} testId="problems.detail" {...moves}>
      <p>
        <EvidenceLink problem={problem} />
      </p>
      <Cure problem={problem} />
      <Fields
        fields={[
          { label: t('column.kind'), value: t(`kind.${problem.kind}`) },
          { label: t('kit:app'), value: <AppName appKey={problem.app_key} /> },
          { label: t('column.count'), value: formatCount(problem.count) },
          { label: t('column.first'), value: <TimeText at={problem.first_at} /> },
          { label: t('column.last'), value: <TimeText at={problem.last_at} /> },
          { label: t('column.trend'), value: <Sparkline values={problem.trend} width={240} /> },
          {
            label: t('column.state'),
            value: <StateTag>{t(`state.${problem.state}`)}</StateTag>,
          },
          { label: t('mark.by'), value: problem.marked_by ?? NONE },
          { label: t('mark.until'), value: <TimeText at={problem.muted_until} /> },
          { label: t('mark.note'), value: problem.note || NONE },
        ]}
      />
      <Marks problem={problem} />
    </DetailDrawer>
  )
}

function Cure({ problem }: { problem: Problem }) {
  const { t } = useTranslation('problems')
  const code = useCodes()(problem.kind === 'call' ? 'release' : 'result', problem.cause)
  if (problem.kind === 'push') {
    return (
      <p>
        {t('pushCure')} <Link to={'/endpoints' as never}>{t('endpoints')}</Link>
      </p>
    )
  }
  if (!code) return null
  return (
    <>
      <p>{code.text}</p>
      <p>
        <strong>{t('cure')}</strong> {code.cure}
      </p>
    </>
  )
}

/** Says that it is known, or silences it for some days; the same right that repairs pushes. */
function Marks({ problem }: { problem: Problem }) {
  const { t } = useTranslation('problems')
  const client = useQueryClient()
  const mayMark = useRight('push.resend')
  const [note, setNote] = useState('')
  if (!mayMark) return null
  const mark = async ({ send }: FormRequests, muteDays: number | null) => {
    await send('POST', '/problems/{problem_id}/mark', {
      params: { problem_id: problem.problem_id },
      body: { note, ...(muteDays && { mute_days: muteDays }) },
    })
    await client.invalidateQueries({ queryKey: ['/problems'] })
    await client.invalidateQueries({ queryKey: ['/overview'] })
    toast(t('mark.done'))
  }
  return (
    <div className="mk-form">
      <label>
        {t('mark.note')}
        <input maxLength={300} value={note} onChange={(event) => setNote(event.target.value)} />
      </label>
      <div className="mk-actions">
        <ConfirmButton
          label={t('mark.known')}
          level={0}
          testId="problems.mark.known"
          onConfirm={(requests) => mark(requests, null)}
        />
        {[1, 7].map((days) => (
          <ConfirmButton
            key={days}
            label={t('mark.mute', { count: days })}
            level={1}
            effect={<p>{t('mark.effect')}</p>}
            testId={`problems.mark.mute${days}`}
            onConfirm={(requests) => mark(requests, days)}
          />
        ))}
      </div>
    </div>
  )
}
