import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import type { Query, Schema } from '@/api/client'
import type { Column } from '@/kit/columns'
import { DataTable } from '@/kit/DataTable'
import { EmptyState } from '@/kit/EmptyState'
import { formatCount, groupNumber } from '@/kit/format'
import { StateTag, type Tone } from '@/kit/StateTag'
import { NONE } from '@/kit/Texts'
import { isRunning, type Job } from '@/kit/useJob'
import { useList } from '@/kit/useList'

type Row = Schema<'JobRowView'>

interface Props {
  /** `<area>` for test ids. */
  id: string
  path: string
  job: Job
  filter: Query
  /** Rows with what is wrong, rows as they were given, or what became of each number. */
  kind: 'errors' | 'changes' | 'results'
  /** The names of the columns of the file, for `changes`. */
  header?: readonly string[]
}

const TONES: Record<Row['state'], Tone> = {
  change: 'plain',
  unchanged: 'plain',
  done: 'ok',
  error: 'bad',
  failed: 'bad',
}
const EVERY_MS = 2_000

/** Rows of a job, page by page; they are read again while the job goes on. */
export function JobRows({ id, path, job, filter, kind, header = [] }: Props) {
  const { t } = useTranslation('numbers')
  const list = useList<Row>(path, filter, {
    params: { job_id: job.job_id },
    everyMs: isRunning(job) ? EVERY_MS : undefined,
  })
  const columns = useMemo<Column<Row>[]>(() => {
    const place: Column<Row> = {
      key: 'row',
      title: t('row.row'),
      render: ({ row }) => formatCount(row),
      isFixed: true,
      align: 'end',
      width: '8ch',
    }
    const said: Column<Row>[] = [
      { key: 'code', title: t('row.code'), render: ({ code }) => <code>{code}</code> },
      { key: 'wrong', title: t('row.wrong'), render: (row) => <Wrong row={row} /> },
    ]
    if (kind === 'errors') {
      return [
        place,
        { key: 'column', title: t('row.column'), render: ({ column }) => column || NONE },
        { key: 'value', title: t('row.value'), render: ({ value }) => value || NONE },
        ...said,
        { key: 'cure', title: t('row.cure'), render: (row) => <Cure row={row} /> },
      ]
    }
    const state: Column<Row> = {
      key: 'state',
      title: t('row.state'),
      render: (row) => <StateTag tone={TONES[row.state]}>{t(`outcome.${row.state}`)}</StateTag>,
    }
    if (kind === 'results') {
      const number: Column<Row> = {
        key: 'number',
        title: t('column.number'),
        render: ({ value }) => <span className="mk-number">{groupNumber(value)}</span>,
      }
      return [place, number, state, ...said]
    }
    const cells = header.map<Column<Row>>((title, at) => ({
      key: `cell${at}`,
      title,
      render: ({ cells: given }) => given[at] || NONE,
    }))
    return [place, state, ...cells]
  }, [t, kind, header])
  return (
    <DataTable
      id={id}
      caption={t(`row.caption.${kind}`)}
      columns={columns}
      list={list}
      rowId={({ row }) => String(row)}
      empty={<EmptyState title={t(`row.empty.${kind}`)} />}
    />
  )
}

/** What is wrong, in the reader's language where the code is known. */
function Wrong({ row }: { row: Row }) {
  const { t } = useTranslation('numbers')
  if (!row.code) return NONE
  return t(`rowCode.${row.code}.wrong`, { defaultValue: row.message })
}

const NEAREST = /^nearest: (.+)$/

/** What to do: in the reader's language where the code is known, with the city that may be meant. */
function Cure({ row }: { row: Row }) {
  const { t } = useTranslation('numbers')
  const nearest = NEAREST.exec(row.hint)?.[1]
  return (
    <>
      {t(`rowCode.${row.code}.cure`, { defaultValue: row.hint || NONE })}
      {nearest && ` ${t('row.nearest', { city: nearest })}`}
    </>
  )
}
