import { Button, Input } from 'antd'
import { type FormEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { ask, type Schema } from '@/api/client'
import { ErrorBox } from '@/kit/ErrorBox'
import { type PlainColumn, PlainTable } from '@/kit/PlainTable'
import { StateTag } from '@/kit/StateTag'
import { NONE } from '@/kit/Texts'
import { useAction } from '@/kit/useAction'
import { TRUNK_TONES } from './trunk'

type Tried = Schema<'TriedRouteView'>
type TriedTrunk = Schema<'TriedTrunkView'>

/** A number in, the trunks out in their order, each with the reason for its place. */
export function RouteTrial() {
  const { t } = useTranslation('platform')
  // The number is kept here only: neither the address nor the cache of answers has it.
  const [number, setNumber] = useState('')
  const [tried, setTried] = useState<Tried>()
  const { isBusy, error, act } = useAction()
  const submit = (event: FormEvent) => {
    event.preventDefault()
    void act(async () => {
      setTried(undefined)
      setTried(await ask<Tried>('POST', '/routes/try', { body: { number } }))
    })
  }
  return (
    <section className="mk-card" aria-label={t('route.try.title')}>
      <form className="platform-try" onSubmit={submit}>
        <label htmlFor="route-number">{t('route.try.number')}</label>
        <Input
          id="route-number"
          value={number}
          autoComplete="off"
          inputMode="tel"
          placeholder="+86139…"
          maxLength={64}
          data-testid="platform.routes.number"
          onChange={(event) => setNumber(event.target.value)}
        />
        <Button
          type="primary"
          htmlType="submit"
          loading={isBusy}
          disabled={!number.trim()}
          data-testid="platform.routes.try"
        >
          {t('route.try.title')}
        </Button>
      </form>
      <p className="mk-quiet">{t('route.try.why')}</p>
      {error !== null && <ErrorBox error={error} />}
      {tried && <Outcome tried={tried} />}
    </section>
  )
}

function Outcome({ tried }: { tried: Tried }) {
  const { t } = useTranslation('platform')
  const columns = useColumns()
  const [first] = tried.trunks
  const trunk = first?.place === 1 ? first.trunk : undefined
  return (
    <>
      <p role="status" data-testid="platform.routes.outcome">
        <StateTag tone={trunk ? 'ok' : 'bad'}>{tried.number}</StateTag>{' '}
        {trunk ? t('route.try.goes', { trunk }) : t('route.try.nowhere')}{' '}
        {tried.is_ours && t('route.try.isOurs')}
      </p>
      <PlainTable
        label={t('route.try.caption')}
        columns={columns}
        rows={tried.trunks}
        rowId={(one) => one.trunk}
        testId="platform.routes.tried"
      />
    </>
  )
}

function useColumns(): PlainColumn<TriedTrunk>[] {
  const { t } = useTranslation('platform')
  return [
    { key: 'place', title: t('route.try.place'), render: (one) => one.place ?? NONE },
    { key: 'trunk', title: t('route.trunk'), render: (one) => one.trunk },
    {
      key: 'reason',
      title: t('route.try.reason'),
      render: (one) => (
        <>
          {t(`route.reason.${one.reason}`)}
          {one.is_full && ` ${t('route.try.full')}`}
        </>
      ),
    },
    {
      key: 'prefix',
      title: t('route.prefix'),
      render: (one) =>
        one.prefix === null ? (
          NONE
        ) : one.prefix ? (
          <code>{one.prefix}</code>
        ) : (
          t('trunk.everyNumber')
        ),
    },
    { key: 'priority', title: t('trunk.field.priority'), render: (one) => one.priority },
    { key: 'weight', title: t('trunk.field.weight'), render: (one) => one.weight },
    {
      key: 'share',
      title: t('route.try.share'),
      render: (one) => (one.share === null ? NONE : `${Math.round(one.share * 100)}%`),
    },
    {
      key: 'written',
      title: t('route.try.written'),
      render: (one) => (one.written === null ? NONE : <code>{one.written}</code>),
    },
    {
      key: 'condition',
      title: t('column.state'),
      render: (one) => {
        const condition = one.condition ?? 'unknown'
        return (
          <StateTag tone={TRUNK_TONES[condition]}>{t(`trunk.condition.${condition}`)}</StateTag>
        )
      },
    },
  ]
}
