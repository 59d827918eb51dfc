import { useEffect } from 'react'
import { useTranslation } from 'react-i18next'
import { EmptyState } from '@/kit/EmptyState'
import { ErrorBox } from '@/kit/ErrorBox'
import { showHash } from '@/kit/hash'
import { PlainTable } from '@/kit/PlainTable'
import { Skeleton } from '@/kit/Skeleton'
import { TextFilter } from '@/kit/TextFilter'
import { type CodeKind, type CodeRow, useCodeTable, useWordsLanguage } from '@/kit/useCodes'
import { useUrl } from '@/kit/useUrl'

const KINDS: readonly CodeKind[] = ['release', 'result', 'message']

/** Every code with its cause and cure; `?q=` looks for a code by its first digits, else for words. */
export function CodeTable() {
  const { t } = useTranslation('docs')
  const [url, change] = useUrl()
  const { data, error, refetch } = useCodeTable()
  const isThere = data !== undefined
  useEffect(() => {
    if (isThere) showHash()
  }, [isThere])
  if (error && !data) return <ErrorBox error={error} onRetry={() => void refetch()} />
  if (!data) return <Skeleton rows={12} />
  const asked = url.q ?? ''
  const rows = data.items.filter((row) => fits(row, asked))
  return (
    <>
      <div className="docs-find">
        <TextFilter
          key={asked}
          filter={{ kind: 'text', name: 'q', label: t('codes.find'), placeholder: t('codes.hint') }}
          value={asked}
          onSet={(q) => change({ q: q || null })}
          testId="docs.codes.find"
        />
        <span role="status" data-testid="docs.codes.count">
          {t('codes.count', { n: rows.length })}
        </span>
      </div>
      {rows.length === 0 && (
        <EmptyState title={t('codes.none', { asked })}>{t('codes.noneText')}</EmptyState>
      )}
      {KINDS.map((kind) => (
        <Kind key={kind} kind={kind} rows={rows.filter((row) => row.kind === kind)} />
      ))}
    </>
  )
}

function Kind({ kind, rows }: { kind: CodeKind; rows: readonly CodeRow[] }) {
  const { t } = useTranslation('docs')
  const language = useWordsLanguage()
  if (rows.length === 0) return null
  return (
    <>
      <h2 id={kind}>{t(`codes.kind.${kind}`)}</h2>
      <PlainTable
        label={t(`codes.kind.${kind}`)}
        testId={`docs.codes.${kind}`}
        rows={rows}
        rowId={({ code }) => code}
        columns={[
          {
            key: 'code',
            title: t('codes.column.code'),
            render: ({ code }) => (
              <a id={`${kind}-${code}`} href={`#${kind}-${code}`}>
                <code>{code}</code>
              </a>
            ),
          },
          {
            key: 'text',
            title: t('codes.column.text'),
            render: (row) => row[language].text,
          },
          {
            key: 'cure',
            title: t('codes.column.cure'),
            render: (row) => row[language].cure,
          },
        ]}
      />
    </>
  )
}

function fits({ code, zh, en }: CodeRow, asked: string): boolean {
  if (/^\d*$/.test(asked)) return code.startsWith(asked)
  const wanted = asked.toLowerCase()
  return [zh.text, zh.cure, en.text, en.cure].some((text) => text.toLowerCase().includes(wanted))
}
