import { type ReactNode, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { PlainTable } from '@/kit/PlainTable'
import {
  type ApiDocument,
  boundsText,
  type JsonSchema,
  partsOf,
  resolve,
  typeText,
} from './openapi'

const DEEPEST = 4

interface Props {
  schema: JsonSchema
  document: ApiDocument
  depth?: number
}

/** The fields of a value in a table, and what they are made of to be unfolded below it. */
export function SchemaView({ schema, document, depth = 0 }: Props) {
  const [found, name] = resolve(schema, document)
  const rows = Object.entries(found.properties ?? {}).map(([field, value]) => ({
    name: field,
    schema: value,
    isRequired: found.required?.includes(field) ?? false,
  }))
  return (
    <>
      <p>
        <code>{name ?? typeText(found, document)}</code> {found.description}
      </p>
      {rows.length > 0 && <ValueTable label={name ?? ''} rows={rows} document={document} />}
      {depth < DEEPEST &&
        partsOf(schema, document).map((part) => (
          <Fold key={part} summary={<code>{part}</code>}>
            {() => (
              <SchemaView
                schema={{ $ref: `#/components/schemas/${part}` }}
                document={document}
                depth={depth + 1}
              />
            )}
          </Fold>
        ))}
    </>
  )
}

interface Row {
  name: string
  schema: JsonSchema
  isRequired: boolean
  place?: string
  description?: string
}

/** Parameters or fields: name, type, whether it has to be there, bounds and meaning. */
export function ValueTable(props: { label: string; rows: Row[]; document: ApiDocument }) {
  const { t } = useTranslation('docs')
  return (
    <PlainTable
      label={props.label}
      rows={props.rows}
      rowId={({ name }) => name}
      columns={[
        {
          key: 'name',
          title: t('api.column.name'),
          render: ({ name, place }) => (
            <>
              <code>{name}</code> {place}
            </>
          ),
        },
        {
          key: 'type',
          title: t('api.column.type'),
          render: ({ schema }) => <code>{typeText(schema, props.document)}</code>,
        },
        {
          key: 'required',
          title: t('api.column.required'),
          render: ({ isRequired }) => (isRequired ? t('api.yes') : t('api.no')),
        },
        {
          key: 'meaning',
          title: t('api.column.meaning'),
          render: ({ schema, description }) => (
            <>
              {boundsText(schema)} {description ?? schema.description}
            </>
          ),
        },
      ]}
    />
  )
}

/** What is drawn when somebody unfolds it: there are hundreds. */
export function Fold({ summary, children }: { summary: ReactNode; children: () => ReactNode }) {
  const [isOpen, setOpen] = useState(false)
  return (
    <details className="docs-fold" onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>{summary}</summary>
      {isOpen && <div>{children()}</div>}
    </details>
  )
}
