import { useTranslation } from 'react-i18next'
import { EmptyState } from '@/kit/EmptyState'
import { ErrorBox } from '@/kit/ErrorBox'
import { Skeleton } from '@/kit/Skeleton'
import { TextFilter } from '@/kit/TextFilter'
import { useUrl } from '@/kit/useUrl'
import {
  type ApiDocument,
  groupsOf,
  type JsonSchema,
  type Operation,
  useApiDocument,
} from './openapi'
import { Fold, SchemaView, ValueTable } from './SchemaView'

/** Every operation of the two interfaces, from the documents that the server makes of itself. */
export default function ApiReference() {
  const { t } = useTranslation('docs')
  const [url, change] = useUrl()
  const asked = url.q ?? ''
  return (
    <>
      <div className="docs-find">
        <TextFilter
          key={asked}
          filter={{ kind: 'text', name: 'q', label: t('api.find'), placeholder: t('api.hint') }}
          value={asked}
          onSet={(q) => change({ q: q || null })}
          testId="docs.api.find"
        />
      </div>
      <h2 id="compatible">{t('api.compatible')}</h2>
      <Interface address="/rest/openapi.json" asked={asked} isGrouped={false} />
      <h2 id="management">{t('api.management')}</h2>
      <Interface address="/manage/v1/openapi.json" asked={asked} isGrouped />
    </>
  )
}

interface InterfaceProps {
  address: string
  asked: string
  isGrouped: boolean
}

function Interface({ address, asked, isGrouped }: InterfaceProps) {
  const { t } = useTranslation('docs')
  const { data, error, refetch } = useApiDocument(address)
  if (error && !data) return <ErrorBox error={error} onRetry={() => void refetch()} />
  if (!data) return <Skeleton rows={6} />
  const groups = groupsOf(data, asked)
  const total = groups.reduce((sum, [, all]) => sum + all.length, 0)
  if (total === 0) return <EmptyState title={t('api.none')}>{t('api.noneText')}</EmptyState>
  return (
    <div data-testid={isGrouped ? 'docs.api.management' : 'docs.api.compatible'}>
      <p>
        {t('api.count', { n: total })} <a href={address}>{address}</a>
      </p>
      {groups.map(([group, operations]) =>
        isGrouped ? (
          <Fold
            key={group}
            summary={
              <>
                <strong>{group}</strong> {t('api.count', { n: operations.length })}
              </>
            }
          >
            {() => <Operations operations={operations} document={data} />}
          </Fold>
        ) : (
          <Operations key={group} operations={operations} document={data} />
        ),
      )}
    </div>
  )
}

function Operations(props: { operations: readonly Operation[]; document: ApiDocument }) {
  return props.operations.map((one) => (
    <Fold
      key={`${one.method} ${one.path}`}
      summary={
        <>
          <code className="docs-method">{one.method.toUpperCase()}</code> <code>{one.path}</code>{' '}
          {one.summary}
        </>
      }
    >
      {() => <OperationView operation={one} document={props.document} />}
    </Fold>
  ))
}

function OperationView({ operation, document }: { operation: Operation; document: ApiDocument }) {
  const { t } = useTranslation('docs')
  const parameters = operation.parameters ?? []
  const body = schemaIn(operation.requestBody?.content)
  const answers = Object.entries(operation.responses ?? {})
  const refusals = answers.filter(([status]) => Number(status) >= 400)
  return (
    <>
      {operation.description && <p>{operation.description}</p>}
      {parameters.length > 0 && (
        <>
          <h3>{t('api.parameters')}</h3>
          <ValueTable
            label={t('api.parameters')}
            document={document}
            rows={parameters.map((one) => ({
              name: one.name,
              place: one.in,
              schema: one.schema ?? {},
              isRequired: one.required ?? false,
              description: one.description,
            }))}
          />
        </>
      )}
      {operation.requestBody && (
        <>
          <h3>{t('api.body')}</h3>
          <p>{operation.requestBody.description}</p>
          {body && <SchemaView schema={body} document={document} />}
        </>
      )}
      {answers
        .filter(([status]) => Number(status) < 400)
        .map(([status, answer]) => {
          const schema = schemaIn(answer.content)
          return (
            <div key={status}>
              <h3>{t('api.answer', { status, text: answer.description ?? '' })}</h3>
              {schema && <SchemaView schema={schema} document={document} />}
            </div>
          )
        })}
      {refusals.length > 0 && (
        <p>
          {t('api.refusals')} {refusals.map(([status]) => status).join(', ')}
        </p>
      )}
    </>
  )
}

function schemaIn(content?: Record<string, { schema?: JsonSchema }>): JsonSchema | undefined {
  return content && Object.values(content)[0]?.schema
}
