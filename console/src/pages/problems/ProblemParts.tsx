import { Link } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { useRight } from '@/app/SessionContext'
import { AppName } from '@/kit/AppName'
import type { Column } from '@/kit/columns'
import { formatCount } from '@/kit/format'
import { Sparkline } from '@/kit/Sparkline'
import { StateTag } from '@/kit/StateTag'
import { TimeText } from '@/kit/Texts'
import { useCodes } from '@/kit/useCodes'
import { usePushResult } from '@/kit/usePushResult'
import { evidenceOf, type Problem } from './problem'

/** What goes wrong, in words, with the code that says so. */
export function CauseText({ problem }: { problem: Problem }) {
  const { t } = useTranslation(['problems', 'kit'])
  const codeOf = useCodes()
  const resultOf = usePushResult()
  const { kind, cause } = problem
  if (kind === 'push') {
    const [purpose = '', result = ''] = cause.split(' ')
    return (
      <span className="problems-cause">
        {t(`kit:push.purpose.${purpose}`, { defaultValue: purpose })}
        {' · '}
        {resultOf(result)}
      </span>
    )
  }
  if (kind === 'refusal') {
    return <span className="problems-cause">{t(`rule.${cause}`, { defaultValue: cause })}</span>
  }
  if (kind === 'reveal') {
    return <span className="problems-cause">{t('manyReveals', { who: cause })}</span>
  }
  if (kind === 'balance') {
    return <span className="problems-cause">{t(`balance.${cause}`, { defaultValue: cause })}</span>
  }
  if (kind === 'complaint') {
    return <span className="problems-cause">{t('manyComplaints')}</span>
  }
  if (kind === 'stock') {
    return <span className="problems-cause">{t('fewNumbers', { city: cause })}</span>
  }
  const code = codeOf(kind === 'call' ? 'release' : 'result', cause)
  return (
    <span className="problems-cause">
      {code?.text ?? t('noText')} <code>{cause}</code>
    </span>
  )
}

export function EvidenceLink({ problem }: { problem: Problem }) {
  const { t } = useTranslation('problems')
  const isPlatform = useRight('money.write')
  const { to, search } = evidenceOf(problem, isPlatform)
  return (
    <Link to={to as never} search={search as never} data-testid="problems.evidence">
      {t(`open.${problem.kind}`)}
    </Link>
  )
}

const TONES = { open: 'bad', known: 'plain', muted: 'plain' } as const

export function useProblemColumns(): Column<Problem>[] {
  const { t } = useTranslation(['problems', 'kit'])
  return [
    { key: 'kind', title: t('column.kind'), render: (one) => t(`kind.${one.kind}`), isFixed: true },
    {
      key: 'cause',
      title: t('column.cause'),
      render: (one) => <CauseText problem={one} />,
      isFixed: true,
    },
    {
      key: 'app',
      title: t('kit:app'),
      render: (one) => <AppName appKey={one.app_key} />,
    },
    {
      key: 'count',
      title: t('column.count'),
      render: (one) => formatCount(one.count),
      align: 'end',
    },
    { key: 'last', title: t('column.last'), render: (one) => <TimeText at={one.last_at} /> },
    { key: 'first', title: t('column.first'), render: (one) => <TimeText at={one.first_at} /> },
    {
      key: 'trend',
      title: t('column.trend'),
      render: (one) => <Sparkline values={one.trend} width={96} height={24} />,
    },
    {
      key: 'state',
      title: t('column.state'),
      render: (one) => <StateTag tone={TONES[one.state]}>{t(`state.${one.state}`)}</StateTag>,
    },
    {
      key: 'evidence',
      title: t('column.evidence'),
      render: (one) => <EvidenceLink problem={one} />,
      isFixed: true,
    },
  ]
}
