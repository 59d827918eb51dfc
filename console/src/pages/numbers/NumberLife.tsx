import { useQuery } from '@tanstack/react-query'
import { Button } from 'antd'
import { type SyntheticEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { ask, type Schema } from '@/api/client'
import { useZone } from '@/app/preferences'
import { useRight } from '@/app/SessionContext'
import { toast } from '@/app/toast'
import { AppName } from '@/kit/AppName'
import { ConfirmButton } from '@/kit/ConfirmButton'
import type { Column } from '@/kit/columns'
import { DataTable } from '@/kit/DataTable'
import { CancelButton, Dialog } from '@/kit/Dialog'
import { EmptyState } from '@/kit/EmptyState'
import { ErrorBox } from '@/kit/ErrorBox'
import { Fields } from '@/kit/Fields'
import { instantOf } from '@/kit/format'
import { NONE, TimeText } from '@/kit/Texts'
import { useAction } from '@/kit/useAction'
import { useList } from '@/kit/useList'
import { useNumberRefresh } from './useNumberRefresh'

type Life = Schema<'NumberLifeView'>
type Event = Schema<'NumberEventView'>

const SCHEMES = [1, 2, 3, 4, 5, 6]

/** What is known of a number beside what calls need: real name, what it was issued for, its rent. */
export function LifeOfNumber({ number }: { number: string }) {
  const { t } = useTranslation('numbers')
  const { data, error, refetch } = useQuery({
    queryKey: ['/numbers', number, 'life'],
    queryFn: () => ask<Life>('GET', '/numbers/{number}/life', { params: { number } }),
  })
  const maySpeak = useRight('stock.write')
  if (error) return <ErrorBox error={error} onRetry={() => void refetch()} />
  if (!data) return null
  const name = data.real_name
  return (
    <section className="mk-card" data-testid="number.life">
      <h2>{t('life.title')}</h2>
      <Fields
        fields={[
          { label: t('realName.title'), value: <RealName life={data} /> },
          ...(name
            ? [
                { label: t('realName.scheme'), value: t('realName.way', { n: name.scheme }) },
                {
                  label: t('realName.due'),
                  value: name.due_at ? <TimeText at={name.due_at} /> : t('realName.noDay'),
                },
              ]
            : []),
          { label: t('life.reference'), value: data.reference || NONE },
          ...(data.rent_until
            ? [{ label: t('life.rent'), value: <TimeText at={data.rent_until} /> }]
            : []),
          ...(data.supplier ? [{ label: t('life.supplier'), value: data.supplier }] : []),
        ]}
      />
      {maySpeak && data.state !== 'returned' && <RealNameActions life={data} />}
    </section>
  )
}

function RealName({ life }: { life: Life }) {
  const { t } = useTranslation('numbers')
  const name = life.real_name
  if (!name) return t('realName.none')
  if (name.done_at)
    return (
      <>
        {t('realName.done')} <TimeText at={name.done_at} />
      </>
    )
  return t(name.frozen_at ? 'realName.late' : 'realName.waits')
}

/** Who speaks with the carrier says that it asks, and that it knows. */
function RealNameActions({ life }: { life: Life }) {
  const { t } = useTranslation('numbers')
  const refresh = useNumberRefresh()
  const [isAsking, setAsking] = useState(false)
  const isOpen = life.real_name !== null && life.real_name.done_at === null
  return (
    <div className="mk-actions">
      {isOpen && (
        <ConfirmButton
          label={t('realName.note')}
          level={1}
          effect={t('realName.noteEffect')}
          testId="number.realName.done"
          onConfirm={async ({ send }) => {
            await send('POST', '/numbers/{number}/real-name/done', {
              params: { number: life.number },
            })
            await refresh()
            toast(t('realName.noted'))
          }}
        />
      )}
      <Button data-testid="number.realName.ask" onClick={() => setAsking(true)}>
        {t('realName.ask')}
      </Button>
      {isAsking && <AskDialog life={life} onClose={() => setAsking(false)} />}
    </div>
  )
}

function AskDialog({ life, onClose }: { life: Life; onClose: () => void }) {
  const { t } = useTranslation(['numbers', 'kit'])
  const refresh = useNumberRefresh()
  const zone = useZone()
  const [scheme, setScheme] = useState(life.real_name?.scheme ?? 1)
  const [due, setDue] = useState('')
  const { isBusy, error, act, form } = useAction()
  const send = async (event: SyntheticEvent<HTMLFormElement>) => {
    event.preventDefault()
    await act(async ({ send }) => {
      await send('PUT', '/numbers/{number}/real-name', {
        params: { number: life.number },
        body: { scheme, due_at: due ? instantOf(due, zone) : null },
      })
      await refresh()
      toast(t('realName.asked'))
      onClose()
    })
  }
  return (
    <Dialog title={t('realName.ask')} onClose={onClose} testId="number.realNameForm">
      <form ref={form} className="mk-form" onSubmit={(event) => void send(event)}>
        <p className="mk-quiet">{t('realName.askEffect')}</p>
        <label>
          {t('realName.scheme')}
          <select value={scheme} onChange={(event) => setScheme(Number(event.target.value))}>
            {SCHEMES.map((n) => (
              <option key={n} value={n}>
                {t('realName.way', { n })}
              </option>
            ))}
          </select>
        </label>
        <label>
          {t('realName.dueOf', { zone })}
          <input
            type="datetime-local"
            value={due}
            onChange={(event) => setDue(event.target.value)}
          />
        </label>
        {error !== null && <ErrorBox error={error} />}
        <div className="mk-actions">
          <CancelButton />
          <Button type="primary" htmlType="submit" loading={isBusy}>
            {t('realName.ask')}
          </Button>
        </div>
      </form>
    </Dialog>
  )
}

/** All that became of a number, newest first. */
export function HistoryOfNumber({ number }: { number: string }) {
  const { t } = useTranslation('numbers')
  const list = useList<Event>('/numbers/{number}/history', {}, { params: { number } })
  const columns: Column<Event>[] = [
    {
      key: 'at',
      title: t('history.at'),
      render: ({ at }) => <TimeText at={at} />,
      isFixed: true,
    },
    { key: 'step', title: t('history.step'), render: ({ step }) => t(`history.is.${step}`) },
    {
      key: 'state',
      title: t('column.state'),
      render: ({ was, now }) =>
        [was, was === now ? null : now]
          .filter((one) => one !== null)
          .map((one) => t(`state.${one}`))
          .join(' → ') || NONE,
    },
    {
      key: 'app',
      title: t('history.app'),
      render: ({ app_key, to }) => (
        <>
          <AppName appKey={app_key} />
          {to && (
            <>
              {' → '}
              <AppName appKey={to} />
            </>
          )}
        </>
      ),
    },
    { key: 'by', title: t('history.by'), render: ({ by }) => by || t('history.platform') },
    { key: 'note', title: t('column.note'), render: ({ note }) => note || NONE },
  ]
  return (
    <section className="mk-card" data-testid="number.history">
      <h2>{t('history.title')}</h2>
      <DataTable
        id="number.history"
        caption={t('history.caption')}
        columns={columns}
        list={list}
        rowId={({ at, step }) => `${at} ${step}`}
        empty={<EmptyState title={t('history.empty')} />}
      />
    </section>
  )
}
