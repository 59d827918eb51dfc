import type { ReactNode } from 'react'

export interface Field {
  label: ReactNode
  /** The name on the wire, for people who integrate. */
  wire?: string
  value: ReactNode
}

/** Names and values of one object. */
export function Fields({ fields }: { fields: readonly Field[] }) {
  return (
    <dl className="mk-fields">
      {fields.map(({ label, wire, value }, at) => (
        <div key={at}>
          <dt>
            {label}
            {wire && <code>{wire}</code>}
          </dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  )
}
