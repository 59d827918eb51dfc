import { Link } from '@tanstack/react-router'
import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import { AppName } from '@/kit/AppName'
import type { Column } from '@/kit/columns'
import { shortId } from '@/kit/format'
import { StateTag } from '@/kit/StateTag'
import { DurationText, IdText, NONE, TimeText } from '@/kit/Texts'
import { usePushResult } from '@/kit/usePushResult'
import { type Push, SCHEDULED, TONES } from './push'

export function usePushColumns(): Column<Push>[] {
  const { t } = useTranslation(['pushes', 'kit'])
  return useMemo(
    () => [
      {
        key: 'created_at',
        title: t('column.time'),
        render: (push) => <TimeText at={push.created_at} />,
        isFixed: true,
        width: '19ch',
      },
      {
        key: 'purpose',
        title: t('column.purpose'),
        render: (push) => t(`kit:push.purpose.${push.purpose}`, { defaultValue: push.purpose }),
        isFixed: true,
      },
      { key: 'about', title: t('column.about'), render: (push) => <About push={push} /> },
      { key: 'app', title: t('kit:app'), render: (push) => <AppName appKey={push.app_key} /> },
      {
        key: 'state',
        title: t('column.state'),
        render: (push) => <PushState push={push} />,
        isFixed: true,
      },
      { key: 'tries', title: t('column.tries'), render: (push) => <Tries push={push} /> },
      {
        key: 'answer',
        title: t('column.answer'),
        render: (push) => <LastAnswer push={push} />,
      },
      {
        key: 'took',
        title: t('column.took'),
        render: (push) => <DurationText ms={push.tries.at(-1)?.took_ms} />,
        align: 'end',
      },
      {
        key: 'push_id',
        title: t('column.id'),
        render: (push) => <IdText id={push.push_id} />,
        isExtra: true,
      },
    ],
    [t],
  )
}

function About({ push }: { push: Push }) {
  if (push.purpose === 'message') {
    return (
      <Link to={'/messages' as never} search={{ open: push.stream } as never}>
        <code>{shortId(push.stream)}</code>
      </Link>
    )
  }
  if (push.purpose === 'number_state') return NONE
  return (
    <Link to="/calls/$session" params={{ session: push.stream } as never}>
      <code>{shortId(push.stream)}</code>
    </Link>
  )
}

export function PushState({ push }: { push: Push }) {
  const { t } = useTranslation(['pushes', 'kit'])
  return (
    <>
      <StateTag tone={TONES[push.state]}>{t(`kit:push.state.${push.state}`)}</StateTag>
      {push.state === 'waiting' && push.attempts > 0 && (
        <span className="mk-quiet">
          {' '}
          {t('next')} <TimeText at={push.due_at} />
        </span>
      )}
    </>
  )
}

/** The tries against the schedule: made ones filled, those to come hollow. */
function Tries({ push }: { push: Push }) {
  const { t } = useTranslation('pushes')
  const places = Math.max(SCHEDULED, push.attempts)
  return (
    <span
      role="img"
      aria-label={t('tries', { count: push.attempts, of: SCHEDULED })}
      className="pushes-tries"
    >
      {Array.from({ length: places }, (_, at) => (
        <i
          key={at}
          className={at < push.attempts ? 'is-made' : undefined}
          data-last={at === push.attempts - 1 ? push.state : undefined}
        />
      ))}
    </span>
  )
}

function LastAnswer({ push }: { push: Push }) {
  const resultOf = usePushResult()
  const last = push.tries.at(-1)
  if (!last) return push.error ?? NONE
  if (last.status !== null && last.status !== undefined) return `HTTP ${last.status}`
  return resultOf(last.result)
}
