import './numbers.css'
import { useNavigate } from '@tanstack/react-router'
import { Button } from 'antd'
import { useMemo, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { ask } from '@/api/client'
import { ApiError } from '@/api/error'
import { useRight } from '@/app/SessionContext'
import { DataTable } from '@/kit/DataTable'
import { EmptyState } from '@/kit/EmptyState'
import { ExportButton } from '@/kit/ExportButton'
import { messageOf } from '@/kit/errorText'
import { FilterBar } from '@/kit/FilterBar'
import { PageHead } from '@/kit/PageHead'
import { useApplications, useCities } from '@/kit/useDirectory'
import { type Filter, useFilters } from '@/kit/useFilters'
import { useList } from '@/kit/useList'
import { useSelection } from '@/kit/useSelection'
import { ChangeDialog } from './ChangeDialog'
import { useNumberColumns } from './columns'
import { LifeDialog, type LifeVerb } from './LifeDialog'
import { STATES, type VirtualNumber } from './number'

/** What do I own, what is free, what is wrong with these? */
export default function NumbersPage() {
  const { t } = useTranslation('numbers')
  const navigate = useNavigate()
  const mayWrite = useRight('number.write')
  const apps = useApplications()
  const cities = useCities()
  const choices = useMemo<Filter[]>(
    () => [
      {
        name: 'app_key',
        label: t('filter.app'),
        kind: 'choice',
        options: apps.items.map(({ app_key, name, mode }) => ({
          value: app_key,
          label: `${name} (${mode.toUpperCase()})`,
        })),
      },
      {
        name: 'state',
        label: t('column.state'),
        kind: 'choice',
        options: STATES.map((value) => ({ value, label: t(`state.${value}`) })),
      },
      {
        name: 'area_code',
        label: t('column.city'),
        kind: 'choice',
        options: cities.items.map(({ code, name }) => ({ value: code, label: `${name} ${code}` })),
      },
      { name: 'prefix', label: t('filter.prefix'), kind: 'text', placeholder: '+86170…' },
      {
        name: 'may_message',
        label: t('column.sms'),
        kind: 'choice',
        options: (['true', 'false'] as const).map((value) => ({
          value,
          label: t(value === 'true' ? 'sms.on' : 'sms.off'),
        })),
      },
      { name: 'is_free', label: t('filter.free'), kind: 'flag' },
    ],
    [t, apps.items, cities.items],
  )
  const filters = useFilters(choices)
  const { prefix } = filters.values
  const query = useMemo(
    () => ({ ...filters.query, prefix: prefix && (globalForm(prefix, 3) || prefix) }),
    [filters.query, prefix],
  )
  const list = useList<VirtualNumber>('/numbers', query)
  const columns = useNumberColumns()
  const selection = useSelection()
  const mayTransfer = useRight('number.transfer')
  const mayRelease = useRight('number.release')
  const [leaving, setLeaving] = useState<{ verb: LifeVerb; numbers: readonly string[] } | null>(
    null,
  )
  const [changed, setChanged] = useState<readonly string[] | 'app' | null>(null)
  const app = filters.values.app_key
  return (
    <>
      <PageHead
        title={t('title')}
        verdict={<Verdict rows={list.rows} isWhole={!list.hasNext && !list.hasPrevious} />}
        actions={
          <>
            <ExportButton kind="numbers" filter={query} />
            {mayWrite && app && (
              <Button data-testid="numbers.changeAll" onClick={() => setChanged('app')}>
                {t('change.allOfApp')}
              </Button>
            )}
            {mayWrite && (
              <Button type="primary" onClick={() => void navigate({ to: '/numbers/import' })}>
                {t('import.open')}
              </Button>
            )}
          </>
        }
      />
      <FilterBar area="numbers" filters={choices} state={filters} />
      <OpenNumber />
      <DataTable
        id="numbers"
        caption={t('caption')}
        columns={columns}
        list={list}
        rowId={({ number }) => number}
        onOpen={({ number }) => void navigate({ to: '/numbers/$id', params: { id: number } })}
        selection={mayWrite ? selection : undefined}
        bulk={(ids) => (
          <>
            <Button data-testid="numbers.change" onClick={() => setChanged(ids)}>
              {t('change.open', { count: ids.length })}
            </Button>
            {mayTransfer && (
              <Button
                data-testid="numbers.transfer"
                onClick={() => setLeaving({ verb: 'transfer', numbers: ids })}
              >
                {t('life.transfer.open')}
              </Button>
            )}
            {mayRelease && (
              <Button
                danger
                data-testid="numbers.release"
                onClick={() => setLeaving({ verb: 'release', numbers: ids })}
              >
                {t('life.release.open')}
              </Button>
            )}
          </>
        )}
        empty={
          <EmptyState title={t(filters.active.length ? 'empty.filtered' : 'empty.title')}>
            {t('empty.text')}
          </EmptyState>
        }
      />
      {leaving && (
        <LifeDialog
          {...leaving}
          onClose={() => setLeaving(null)}
          onBegun={() => {
            setLeaving(null)
            selection.clear()
          }}
        />
      )}
      {changed && (
        <ChangeDialog
          numbers={changed === 'app' ? undefined : changed}
          ofApp={changed === 'app' ? app : undefined}
          onClose={() => setChanged(null)}
          onBegun={() => {
            setChanged(null)
            selection.clear()
          }}
        />
      )}
    </>
  )
}

/** What is on the page, in a sentence: rows that need somebody are counted, nothing else is. */
function Verdict({ rows, isWhole }: { rows?: readonly VirtualNumber[]; isWhole: boolean }) {
  const { t } = useTranslation('numbers')
  if (!rows) return null
  const bad = rows.filter(({ state }) => state === 'unavailable' || state === 'blacklisted').length
  const free = rows.filter(({ state, pairs }) => state === 'normal' && pairs === 0).length
  const head = t(isWhole ? 'verdict.all' : 'verdict.page', { count: rows.length })
  return `${head} ${t('verdict.free', { count: free })} ${bad ? t('verdict.bad', { count: bad }) : ''}`
}

/** Goes to the page of a number that is known in full; one that is not there stays out of the address. */
function OpenNumber() {
  const { t } = useTranslation(['numbers', 'kit'])
  const navigate = useNavigate()
  const [trouble, setTrouble] = useState('')
  const find = async (typed: string) => {
    const number = globalForm(typed)
    if (!number) return
    setTrouble('')
    try {
      await ask('GET', '/numbers/{number}', { params: { number } })
      await navigate({ to: '/numbers/$id', params: { id: number } })
    } catch (error) {
      const isNone = error instanceof ApiError && error.status === 404
      setTrouble(isNone ? t('find.none') : messageOf(error, t))
    }
  }
  return (
    <form
      className="numbers-find"
      onSubmit={(event) => {
        event.preventDefault()
        void find(String(new FormData(event.currentTarget).get('number') ?? ''))
      }}
    >
      <label>
        {t('find.label')}
        <input
          name="number"
          className="mk-input"
          maxLength={40}
          placeholder="+86170…"
          data-testid="numbers.find"
          onInput={() => setTrouble('')}
        />
      </label>
      <button type="submit" className="mk-button">
        {t('find.open')}
      </button>
      <span role="status">{trouble}</span>
    </form>
  )
}

/** `+86170…` of `170…`, `0086170…`, with blanks and dashes; empty when there are no digits. */
function globalForm(typed: string, fewest = 5): string {
  const plain = typed.replace(/[\s-]/g, '').replace(/^00/, '+')
  if (!/^\+?\d{1,20}$/.test(plain) || plain.length < fewest) return ''
  if (plain.startsWith('+')) return plain
  return `+86${plain.replace(/^0/, '')}`
}
