import { useId } from 'react'
import { useTranslation } from 'react-i18next'
import { useWordsLanguage } from '@/kit/useCodes'
import { FLOWS, LANES, type Step } from './flows'

const WIDTH = 760
const ROW = 36
const HEAD = 44
const X = { a: 70, m: 270, b: 470, s: 680 }

/** The course of a call as arrows between who takes part, time running down; also as a list. */
export function FlowPicture({ name }: { name: string }) {
  const { t } = useTranslation('docs')
  const language = useWordsLanguage()
  const titleId = useId()
  const flow = FLOWS[name]
  if (!flow) return null
  const height = HEAD + flow.steps.length * ROW + 12
  return (
    <figure className="docs-flow" data-testid={`docs.flow.${name}`}>
      <figcaption id={titleId}>{flow.title[language]}</figcaption>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reached by keyboard */}
      <section tabIndex={0} aria-labelledby={titleId}>
        <svg viewBox={`0 0 ${WIDTH} ${height}`} aria-hidden="true">
          {LANES.map((lane) => (
            <g key={lane}>
              <text className="docs-lane" x={X[lane]} y={20}>
                {flow.lanes?.[lane]?.[language] ?? t(`flow.lane.${lane}`)}
              </text>
              <line className="docs-life" x1={X[lane]} x2={X[lane]} y1={30} y2={height} />
            </g>
          ))}
          {flow.steps.map((step, at) => (
            <Arrow
              key={at}
              step={step}
              y={HEAD + at * ROW + 20}
              text={`${at + 1}. ${step[language]}`}
            />
          ))}
        </svg>
      </section>
      <ol className="mk-visually-hidden">
        {flow.steps.map((step, at) => (
          <li key={at}>
            {`${t(`flow.lane.${step.from}`)} → ${t(`flow.lane.${step.to}`)}: ${step[language]}`}
          </li>
        ))}
      </ol>
    </figure>
  )
}

function Arrow({ step, y, text }: { step: Step; y: number; text: string }) {
  const from = X[step.from]
  const to = X[step.to]
  if (from === to) {
    return (
      <text className="docs-note" x={from} y={y}>
        {text}
      </text>
    )
  }
  const way = Math.sign(to - from)
  const head = (x: number, side: number) => `M${x},${y} l${-8 * side},-4 v8 z`
  return (
    <g className={`docs-step is-${step.kind}`}>
      <line x1={from} x2={to} y1={y} y2={y} />
      <path d={head(to, way)} />
      {step.kind === 'speech' && <path d={head(from, -way)} />}
      <text x={(from + to) / 2} y={y - 6}>
        {text}
      </text>
    </g>
  )
}
