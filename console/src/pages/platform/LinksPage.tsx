import './platform.css'
import { Button } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Column } from '@/kit/columns'
import { DataTable } from '@/kit/DataTable'
import { EmptyState } from '@/kit/EmptyState'
import { formatCount } from '@/kit/format'
import { PageHead } from '@/kit/PageHead'
import { StateTag } from '@/kit/StateTag'
import { useList } from '@/kit/useList'
import { useUrl } from '@/kit/useUrl'
import { LinkDrawer } from './LinkDrawer'
import { conditionOf, LINK_FIELDS, LINK_TONES, type SmsLink } from './link'
import { ObjectForm } from './ObjectForm'

const EVERY_MS = 5_000

/** Are the SMPP links bound, and what waits on them? */
export default function LinksPage() {
  const { t } = useTranslation('platform')
  const list = useList<SmsLink>('/sms-links', {}, { everyMs: EVERY_MS })
  const columns = useColumns()
  const [url, change] = useUrl()
  const [isAdding, setAdding] = useState(false)
  const rows = list.rows ?? []
  const open = rows.findIndex((one) => one.name === url.open)
  const goTo = (at: number) => rows[at] && change({ open: rows[at].name })
  return (
    <>
      <PageHead
        title={t('link.title')}
        {...useVerdict(list.rows)}
        actions={
          <Button type="primary" data-testid="platform.links.add" onClick={() => setAdding(true)}>
            {t('link.add')}
          </Button>
        }
      />
      <DataTable
        id="platform.links"
        caption={t('link.caption')}
        columns={columns}
        list={list}
        rowId={(one) => one.name}
        onOpen={(one) => change({ open: one.name })}
        openId={url.open}
        empty={<EmptyState title={t('link.empty')}>{t('link.emptyWhy')}</EmptyState>}
      />
      {rows[open] && (
        <LinkDrawer
          key={rows[open].name}
          link={rows[open]}
          onClose={() => change({ open: null })}
          onNext={() => goTo(open + 1)}
          onPrevious={() => goTo(open - 1)}
        />
      )}
      {isAdding && (
        <ObjectForm
          about="link"
          path="/sms-links"
          fields={LINK_FIELDS}
          onClose={() => setAdding(false)}
        />
      )}
    </>
  )
}

function useVerdict(rows?: SmsLink[]) {
  const { t } = useTranslation('platform')
  if (!rows) return {}
  if (rows.length === 0) return { tone: 'plain', verdict: t('link.verdict.none') } as const
  const toneOf = (one: SmsLink) => LINK_TONES[conditionOf(one)]
  for (const tone of ['bad', 'warn', 'unknown'] as const) {
    const found = rows.filter((one) => toneOf(one) === tone)
    if (found.length > 0) {
      const names = found.map(({ name }) => name).join(', ')
      return { tone, verdict: t(`link.verdict.${tone}`, { count: found.length, names }) }
    }
  }
  return { tone: 'ok', verdict: t('link.verdict.ok') } as const
}

function useColumns(): Column<SmsLink>[] {
  const { t } = useTranslation('platform')
  const sum = (one: SmsLink, what: 'waiting' | 'in_flight') =>
    one.connections.length === 0
      ? '–'
      : formatCount(one.connections.reduce((all, connection) => all + connection[what], 0))
  return [
    { key: 'name', title: t('link.field.name'), render: (one) => one.name, isFixed: true },
    {
      key: 'state',
      title: t('column.state'),
      render: (one) => {
        const condition = conditionOf(one)
        return <StateTag tone={LINK_TONES[condition]}>{t(`link.condition.${condition}`)}</StateTag>
      },
      isFixed: true,
    },
    {
      key: 'peer',
      title: t('column.peer'),
      render: (one) => (
        <code>
          {one.host}:{one.port}
        </code>
      ),
    },
    { key: 'system', title: t('link.field.system_id'), render: (one) => one.system_id },
    {
      key: 'waiting',
      title: t('link.waiting'),
      render: (one) => sum(one, 'waiting'),
      align: 'end',
    },
    {
      key: 'flight',
      title: t('link.inFlight'),
      render: (one) => `${sum(one, 'in_flight')} / ${formatCount(one.window)}`,
      align: 'end',
    },
    {
      key: 'prefixes',
      title: t('link.field.prefixes'),
      render: (one) => one.prefixes.join(', ') || t('trunk.everyNumber'),
    },
    { key: 'detail', title: t('link.detail'), render: (one) => one.detail || '–' },
  ]
}
