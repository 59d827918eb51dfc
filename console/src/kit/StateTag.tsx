import CheckCircleOutlined from '@ant-design/icons/CheckCircleOutlined'
import CloseCircleOutlined from '@ant-design/icons/CloseCircleOutlined'
import QuestionCircleOutlined from '@ant-design/icons/QuestionCircleOutlined'
import WarningOutlined from '@ant-design/icons/WarningOutlined'
import type { ReactNode } from 'react'

export type Tone = 'plain' | 'ok' | 'warn' | 'bad' | 'unknown'

const ICONS: Record<Tone, ReactNode> = {
  plain: null,
  ok: <CheckCircleOutlined />,
  warn: <WarningOutlined />,
  bad: <CloseCircleOutlined />,
  unknown: <QuestionCircleOutlined />,
}

/** The state of an object. Plain unless somebody has to act (warn) or it is broken (bad). */
export function StateTag({ tone = 'plain', children }: { tone?: Tone; children: ReactNode }) {
  return (
    <span className={`mk-tag is-${tone}`} data-tone={tone}>
      {ICONS[tone] && <span aria-hidden="true">{ICONS[tone]}</span>}
      {children}
    </span>
  )
}
