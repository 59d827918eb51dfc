import { useTranslation } from 'react-i18next'
import { DetailDrawer } from '@/kit/DetailDrawer'
import { Fields } from '@/kit/Fields'
import { JsonBlock } from '@/kit/JsonBlock'
import { PlainTable } from '@/kit/PlainTable'
import { IdText, NONE, TimeText } from '@/kit/Texts'
import { type AuditEvent, Who } from './AuditPage'

interface Props {
  event: AuditEvent
  onClose: () => void
  onNext: () => void
  onPrevious: () => void
}

/** One change: the fields that differ first, then both as they were. */
export function AuditDrawer({ event, onClose, onNext, onPrevious }: Props) {
  const { t } = useTranslation('settings')
  const changed = changesOf(event.before, event.after)
  return (
    <DetailDrawer
      title={<code>{event.action}</code>}
      onClose={onClose}
      onNext={onNext}
      onPrevious={onPrevious}
      testId="audit.drawer"
    >
      <Fields
        fields={[
          { label: t('audit.at'), value: <TimeText at={event.at} isFine /> },
          { label: t('audit.who'), value: <Who event={event} /> },
          { label: t('audit.from'), value: event.address || NONE },
          {
            label: t('audit.object'),
            value: (
              <code>
                {event.method} {event.object}
              </code>
            ),
          },
          { label: t('audit.userId'), value: <IdText id={event.user_id} isWhole /> },
        ]}
      />
      {changed.length > 0 && (
        <>
          <h3>{t('audit.changed')}</h3>
          <PlainTable
            label={t('audit.changed')}
            rows={changed}
            rowId={({ field }) => field}
            testId="audit.changes"
            columns={[
              { key: 'field', title: t('audit.field'), render: (row) => <code>{row.field}</code> },
              { key: 'before', title: t('audit.before'), render: (row) => shown(row.before) },
              { key: 'after', title: t('audit.after'), render: (row) => shown(row.after) },
            ]}
          />
        </>
      )}
      {isThere(event.before) && (
        <details>
          <summary>{t('audit.wholeBefore')}</summary>
          <JsonBlock value={event.before} label={t('audit.before')} />
        </details>
      )}
      {isThere(event.after) && (
        <details open={changed.length === 0}>
          <summary>{t('audit.wholeAfter')}</summary>
          <JsonBlock value={event.after} label={t('audit.after')} />
        </details>
      )}
      {!isThere(event.before) && !isThere(event.after) && <p>{t('audit.noView')}</p>}
    </DetailDrawer>
  )
}

interface Change {
  field: string
  before: unknown
  after: unknown
}

const isThere = (value: unknown) => value !== null && value !== undefined
const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** The fields of two versions of an object that differ; none unless both are there. */
function changesOf(before: unknown, after: unknown, under = ''): Change[] {
  if (!isObject(before) || !isObject(after)) return []
  const names = [...new Set([...Object.keys(before), ...Object.keys(after)])]
  return names.flatMap((name) => {
    const [was, is] = [before[name], after[name]]
    const field = `${under}${name}`
    if (JSON.stringify(was) === JSON.stringify(is)) return []
    if (isObject(was) && isObject(is)) return changesOf(was, is, `${field}.`)
    return [{ field, before: was, after: is }]
  })
}

function shown(value: unknown): string {
  if (value === undefined || value === null || value === '') return NONE
  return typeof value === 'string' ? value : JSON.stringify(value)
}
