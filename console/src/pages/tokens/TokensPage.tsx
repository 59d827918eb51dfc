import './tokens.css'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { Button } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { ask, type Schema } from '@/api/client'
import { ConfirmButton } from '@/kit/ConfirmButton'
import { CopyCurl } from '@/kit/CopyCurl'
import { EmptyState } from '@/kit/EmptyState'
import { ErrorBox } from '@/kit/ErrorBox'
import { PageHead } from '@/kit/PageHead'
import { PlainTable } from '@/kit/PlainTable'
import { Skeleton } from '@/kit/Skeleton'
import { StateTag } from '@/kit/StateTag'
import { NONE, TimeText } from '@/kit/Texts'
import { CreateDialog } from './CreateDialog'

type Token = Schema<'ApiTokenView'>

const SOON_MS = 14 * 86_400_000

/** Which programs have a key, and to what? */
export default function TokensPage() {
  const { t } = useTranslation(['tokens', 'shell'])
  const [isCreating, setCreating] = useState(false)
  const { data, error, refetch } = useQuery({
    queryKey: ['/tokens'],
    queryFn: () => ask<{ items: Token[] }>('GET', '/tokens'),
  })
  const tokens = data?.items ?? []
  const soon = tokens.filter(endsSoon).length
  const create = (
    <Button type="primary" data-testid="tokens.create" onClick={() => setCreating(true)}>
      {t('create.open')}
    </Button>
  )
  return (
    <>
      <PageHead
        title={t('shell:nav.tokens')}
        tone={soon ? 'warn' : 'plain'}
        verdict={
          data && t(tokens.length ? 'verdict.all' : 'verdict.none', { n: tokens.length, soon })
        }
        actions={
          <>
            {create}
            <CopyCurl path="/tokens" asking={{}} />
          </>
        }
      />
      {error && !data && <ErrorBox error={error} onRetry={() => void refetch()} />}
      {!data && !error && <Skeleton rows={5} />}
      {data && tokens.length === 0 && (
        <EmptyState title={t('empty.title')}>{t('empty.text')}</EmptyState>
      )}
      {tokens.length > 0 && (
        <div className="mk-card">
          <TokenTable tokens={tokens} />
        </div>
      )}
      {isCreating && <CreateDialog onClose={() => setCreating(false)} />}
    </>
  )
}

function endsSoon({ expires_at: at }: Token): boolean {
  return Date.parse(at) - Date.now() < SOON_MS
}

function TokenTable({ tokens }: { tokens: readonly Token[] }) {
  const { t } = useTranslation('tokens')
  const client = useQueryClient()
  const revoke = async (id: string) => {
    await ask('DELETE', '/tokens/{token_id}', { params: { token_id: id } })
    await client.invalidateQueries({ queryKey: ['/tokens'] })
  }
  return (
    <PlainTable
      label={t('caption')}
      testId="tokens.table"
      rows={tokens}
      rowId={({ token_id: id }) => id}
      columns={[
        { key: 'name', title: t('column.name'), render: ({ name }) => name },
        {
          key: 'rights',
          title: t('column.rights'),
          render: ({ rights }) => (
            <details className="tokens-rights">
              <summary>{t('rightCount', { n: rights.length })}</summary>
              {rights.map((right) => (
                <code key={right}>{right}</code>
              ))}
            </details>
          ),
        },
        { key: 'owner', title: t('column.owner'), render: ({ user_id: id }) => id ?? t('nobody') },
        {
          key: 'used',
          title: t('column.used'),
          render: ({ used_at: at }) => (at ? <TimeText at={at} /> : t('never')),
        },
        { key: 'from', title: t('column.from'), render: ({ address }) => address || NONE },
        {
          key: 'until',
          title: t('column.until'),
          render: (token) =>
            endsSoon(token) ? (
              <StateTag tone="warn">
                <TimeText at={token.expires_at} />
              </StateTag>
            ) : (
              <TimeText at={token.expires_at} />
            ),
        },
        {
          key: 'revoke',
          title: t('column.action'),
          render: ({ token_id: id, name }) => (
            <ConfirmButton
              label={t('revoke.go')}
              level={1}
              danger
              size="small"
              effect={t('revoke.effect', { name })}
              testId="tokens.revoke"
              onConfirm={() => revoke(id)}
            />
          ),
        },
      ]}
    />
  )
}
