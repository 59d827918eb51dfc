import './numbers.css'
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { Button } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { FormRequests } from '@/api/change'
import { ask } from '@/api/client'
import { useRight } from '@/app/SessionContext'
import { AppName } from '@/kit/AppName'
import { ConfirmButton } from '@/kit/ConfirmButton'
import { CopyCurl } from '@/kit/CopyCurl'
import { ErrorBox } from '@/kit/ErrorBox'
import { Fields } from '@/kit/Fields'
import { formatCount } from '@/kit/format'
import { PageHead } from '@/kit/PageHead'
import { Skeleton } from '@/kit/Skeleton'
import { NumberText, TimeText } from '@/kit/Texts'
import { useCities } from '@/kit/useDirectory'
import { usePathParam } from '@/kit/useUrl'
import { ChangeDialog } from './ChangeDialog'
import { Tags } from './columns'
import { LifeDialog, type LifeVerb } from './LifeDialog'
import { NoteForm } from './NoteForm'
import { HistoryOfNumber, LifeOfNumber } from './NumberLife'
import { BindingsOfNumber, CallsOfNumber } from './NumberTraffic'
import { TONES, type VirtualNumber } from './number'
import { StateOf } from './StateOf'
import { useNumberRefresh } from './useNumberRefresh'

interface Capacity {
  bound: number
  left: number
  per_number: number
}

/** One number: may it serve, how much room it has, who is bound to it, what calls it had. */
export default function NumberPage() {
  const { t } = useTranslation('numbers')
  const number = usePathParam('id')
  const { data, error, refetch } = useQuery({
    queryKey: ['/numbers', number],
    queryFn: () => ask<VirtualNumber>('GET', '/numbers/{number}', { params: { number } }),
  })
  if (error) {
    return (
      <>
        <PageHead title={t('one.title')} />
        <ErrorBox error={error} onRetry={() => void refetch()} />
      </>
    )
  }
  return data ? <NumberDetail number={data} /> : <Skeleton rows={10} />
}

function NumberDetail({ number }: { number: VirtualNumber }) {
  const { t } = useTranslation('numbers')
  const cities = useCities()
  const mayWrite = useRight('number.write')
  const mayReadBindings = useRight('binding.read')
  const mayReadCalls = useRight('call.read')
  const city = cities.byCode.get(number.area_code) ?? ''
  return (
    <>
      <PageHead
        title={t('one.title')}
        tone={TONES[number.state]}
        verdict={
          <>
            <NumberText number={number.number} /> {t(`verdictOf.${number.state}`)}
            {number.cause && ` ${t('one.because', { cause: t(`cause.${number.cause}`) })}`}
          </>
        }
        actions={
          <>
            {mayWrite && <Actions number={number} />}
            <LifeActions number={number} />
            <CopyCurl path="/numbers/{number}" asking={{ params: { number: number.number } }} />
          </>
        }
      />
      <section className="mk-card" data-testid="number.summary">
        <Fields
          fields={[
            { label: t('column.state'), value: <StateOf number={number} /> },
            { label: t('column.app'), value: <AppName appKey={number.app_key} /> },
            { label: t('column.city'), value: `${city} ${number.area_code}`.trim() },
            { label: t('column.kind'), value: t(`kind.${number.kind}`) },
            { label: t('column.sms'), value: t(number.may_message ? 'sms.on' : 'sms.off') },
            { label: t('one.capacity'), value: <CapacityBar number={number} /> },
            { label: t('column.created'), value: <TimeText at={number.created_at} /> },
            { label: t('column.note'), value: number.note || t('one.noNote') },
            { label: t('column.tags'), value: <Tags tags={number.tags} /> },
          ]}
        />
        {mayWrite && <NoteForm number={number} />}
      </section>
      <LifeOfNumber number={number.number} />
      {mayReadBindings && <BindingsOfNumber number={number.number} />}
      {mayReadCalls && <CallsOfNumber number={number.number} />}
      <HistoryOfNumber number={number.number} />
    </>
  )
}

/** How many bindings there are of those that fit. */
function CapacityBar({ number }: { number: VirtualNumber }) {
  const { t } = useTranslation('numbers')
  const { data, error } = useQuery({
    queryKey: ['/numbers', number.number, 'capacity'],
    queryFn: () =>
      ask<Capacity>('GET', '/numbers/{number}/capacity', { params: { number: number.number } }),
  })
  if (error) return t('one.bound', { bound: formatCount(number.pairs) })
  if (!data) return null
  const text = t('one.room', {
    bound: formatCount(data.bound),
    all: formatCount(data.per_number),
    left: formatCount(data.left),
  })
  return (
    <>
      <meter min={0} max={data.per_number || 1} value={data.bound} aria-label={text} /> {text}
    </>
  )
}

/** Pause and messages at once; everything else by the dialog that says what it would do. */
function Actions({ number }: { number: VirtualNumber }) {
  const { t } = useTranslation('numbers')
  const refresh = useNumberRefresh()
  const mayBind = useRight('binding.write')
  const [isChanging, setChanging] = useState(false)
  const change = async ({ edit }: FormRequests, body: Partial<VirtualNumber>) => {
    await edit('/numbers/{number}', { params: { number: number.number }, before: number, body })
    await refresh()
  }
  const isPaused = number.state === 'paused'
  const mayPause = number.state === 'normal' || isPaused
  const verb = isPaused ? 'resume' : 'pause'
  const sms = number.may_message ? 'sms_off' : 'sms_on'
  return (
    <>
      {mayPause && (
        <ConfirmButton
          label={t(`action.${verb}`)}
          level={1}
          effect={t(`effect.${verb}`)}
          testId="number.pause"
          onConfirm={(requests) => change(requests, { state: isPaused ? 'normal' : 'paused' })}
        />
      )}
      {number.may_message ? null : (
        <ConfirmButton
          label={t(`action.${sms}`)}
          level={1}
          effect={t(`effect.${sms}`)}
          onConfirm={(requests) => change(requests, { may_message: true })}
        />
      )}
      <Button data-testid="number.change" onClick={() => setChanging(true)}>
        {t('one.change')}
      </Button>
      {mayBind && number.state === 'normal' && (
        <Link
          to="/bindings/new"
          search={{ x: number.number, app: number.app_key } as never}
          data-testid="number.bind"
        >
          {t('one.bind')}
        </Link>
      )}
      {isChanging && (
        <ChangeDialog
          numbers={[number.number]}
          onClose={() => setChanging(false)}
          onBegun={() => setChanging(false)}
        />
      )}
    </>
  )
}

/** To another application, or back: what the number's state allows. */
function LifeActions({ number }: { number: VirtualNumber }) {
  const { t } = useTranslation('numbers')
  const mayTransfer = useRight('number.transfer')
  const mayRelease = useRight('number.release')
  const [verb, setVerb] = useState<LifeVerb | null>(null)
  if (number.state === 'returned') return null
  return (
    <>
      {mayTransfer && (
        <Button data-testid="number.transfer" onClick={() => setVerb('transfer')}>
          {t('life.transfer.open')}
        </Button>
      )}
      {mayRelease && (
        <Button danger data-testid="number.release" onClick={() => setVerb('release')}>
          {t('life.release.open')}
        </Button>
      )}
      {verb && (
        <LifeDialog
          verb={verb}
          numbers={[number.number]}
          onClose={() => setVerb(null)}
          onBegun={() => setVerb(null)}
        />
      )}
    </>
  )
}
