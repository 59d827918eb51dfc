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
import { NONE } from '@/kit/Texts'
import { useList } from '@/kit/useList'
import { useUrl } from '@/kit/useUrl'
import { ObjectForm } from './ObjectForm'
import { TrunkDrawer } from './TrunkDrawer'
import { TRUNK_FIELDS, TRUNK_TONES, type Trunk, useTrunkStates } from './trunk'

/** Are the carriers well? */
export default function TrunksPage() {
  const { t } = useTranslation('platform')
  const list = useList<Trunk>('/trunks')
  const states = useTrunkStates()
  const columns = useColumns(states)
  const [url, change] = useUrl()
  const [isAdding, setAdding] = useState(false)
  const rows = list.rows ?? []
  const open = rows.findIndex((one) => one.name === url.open)
  const goTo = (at: number) => rows[at] && change({ open: rows[at].name })
  const add = (
    <Button type="primary" data-testid="platform.trunks.add" onClick={() => setAdding(true)}>
      {t('trunk.add')}
    </Button>
  )
  return (
    <>
      <PageHead title={t('trunk.title')} {...useVerdict(list.rows, states)} actions={add} />
      <DataTable
        id="platform.trunks"
        caption={t('trunk.caption')}
        columns={columns}
        list={list}
        rowId={(one) => one.name}
        onOpen={(one) => change({ open: one.name })}
        openId={url.open}
        empty={<EmptyState title={t('trunk.empty')}>{t('trunk.emptyWhy')}</EmptyState>}
      />
      {rows[open] && (
        <TrunkDrawer
          key={rows[open].name}
          trunk={rows[open]}
          condition={states.conditionOf(rows[open])}
          workers={states.of(rows[open].name)}
          onClose={() => change({ open: null })}
          onNext={() => goTo(open + 1)}
          onPrevious={() => goTo(open - 1)}
        />
      )}
      {isAdding && (
        <ObjectForm
          about="trunk"
          path="/trunks"
          fields={TRUNK_FIELDS}
          onClose={() => setAdding(false)}
        />
      )}
    </>
  )
}

type States = ReturnType<typeof useTrunkStates>

function useVerdict(rows: Trunk[] | undefined, states: States) {
  const { t } = useTranslation('platform')
  if (!rows) return {}
  const told = rows.map((one) => ({ name: one.name, condition: states.conditionOf(one) }))
  const down = told.filter(({ condition }) => TRUNK_TONES[condition] === 'bad')
  const unknown = told.filter(({ condition }) => TRUNK_TONES[condition] === 'unknown')
  if (down.length > 0) {
    const names = down.map(({ name }) => name).join(', ')
    return { tone: 'bad', verdict: t('trunk.verdict.down', { count: down.length, names }) } as const
  }
  if (unknown.length > 0) {
    const verdict = t('trunk.verdict.unknown', { count: unknown.length })
    return { tone: 'unknown', verdict } as const
  }
  if (rows.length === 0) return { tone: 'warn', verdict: t('trunk.verdict.none') } as const
  return { tone: 'ok', verdict: t('trunk.verdict.ok') } as const
}

function useColumns(states: States): Column<Trunk>[] {
  const { t } = useTranslation('platform')
  return [
    { key: 'name', title: t('trunk.field.name'), render: (one) => one.name, isFixed: true },
    {
      key: 'state',
      title: t('column.state'),
      render: (one) => {
        const condition = states.conditionOf(one)
        return (
          <StateTag tone={TRUNK_TONES[condition]}>{t(`trunk.condition.${condition}`)}</StateTag>
        )
      },
      isFixed: true,
    },
    {
      key: 'peer',
      title: t('column.peer'),
      render: (one) => (
        <code>
          {one.transport}:{one.host}:{one.port}
        </code>
      ),
    },
    {
      key: 'calls',
      title: t('column.callsNow'),
      render: (one) => {
        const calls = states.callsOf(one.name)
        const now = calls === null ? NONE : formatCount(calls)
        return one.max_calls ? `${now} / ${formatCount(one.max_calls)}` : now
      },
      align: 'end',
    },
    {
      key: 'cps',
      title: t('trunk.field.calls_per_s'),
      render: (one) => (one.calls_per_s ? formatCount(one.calls_per_s) : t('unlimited')),
      align: 'end',
    },
    {
      key: 'prefixes',
      title: t('trunk.field.prefixes'),
      render: (one) => one.prefixes.join(', ') || t('trunk.everyNumber'),
    },
    {
      key: 'priority',
      title: t('trunk.field.priority'),
      render: (one) => one.priority,
      align: 'end',
    },
    { key: 'weight', title: t('trunk.field.weight'), render: (one) => one.weight, align: 'end' },
    {
      key: 'from',
      title: t('trunk.field.inbound_from'),
      render: (one) => one.inbound_from.join(', ') || one.host,
      isExtra: true,
    },
  ]
}
