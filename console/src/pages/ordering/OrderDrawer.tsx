import { useQuery, useQueryClient } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { ask, urlOf } from '@/api/client'
import { useRight } from '@/app/SessionContext'
import { toast } from '@/app/toast'
import { AppName } from '@/kit/AppName'
import { ConfirmButton } from '@/kit/ConfirmButton'
import { DetailDrawer } from '@/kit/DetailDrawer'
import { Fields } from '@/kit/Fields'
import { PlainTable } from '@/kit/PlainTable'
import { NONE, TimeText } from '@/kit/Texts'
import { useCities } from '@/kit/useDirectory'
import { OrderState } from './OrdersPage'
import { ENTERPRISE, type Enterprise, ORDER, type Order } from './ordering'

const STEPS = ['submitted', 'processing', 'issued'] as const

interface Props {
  order: Order
  onClose: () => void
  onNext: () => void
  onPrevious: () => void
}

/** One order: where it stands, what is there of it, and what its tenant can do. */
export function OrderDrawer({ order, ...moves }: Props) {
  const { t } = useTranslation('ordering')
  return (
    <DetailDrawer title={t('order.one')} testId="orders.drawer" {...moves}>
      <OrderDetail order={order} />
      <Actions order={order} />
    </DetailDrawer>
  )
}

export function OrderDetail({ order }: { order: Order }) {
  const { t } = useTranslation('ordering')
  const cities = useCities().byCode
  const isOver = order.state === 'rejected' || order.state === 'cancelled'
  return (
    <>
      <p>
        <OrderState order={order} /> {t(`order.text.${order.state}`)}
      </p>
      {order.reason && <p className="mk-verdict is-warn">{order.reason}</p>}
      {!isOver && (
        <ol className="ordering-steps">
          {STEPS.map((step) => (
            <li key={step} aria-current={step === order.state ? 'step' : undefined}>
              {t(`state.${step}`)}
              {step === 'processing' &&
                ` (${t('order.progress', { issued: order.issued, quantity: order.quantity })})`}
            </li>
          ))}
        </ol>
      )}
      <PlainTable
        label={t('order.lines')}
        rows={order.lines.map((line, at) => ({ ...line, at }))}
        rowId={({ at }) => String(at)}
        columns={[
          {
            key: 'city',
            title: t('field.city'),
            render: ({ area_code: code }) =>
              code ? `${cities.get(code) ?? ''} ${code}`.trim() : t('order.anyCity'),
          },
          { key: 'kind', title: t('field.kind'), render: ({ kind }) => t(`kind.${kind}`) },
          {
            key: 'sms',
            title: t('field.sms'),
            render: ({ may_message: may }) => t(may ? 'yes' : 'no'),
          },
          {
            key: 'issued',
            title: t('column.issued'),
            render: (line) => t('order.progress', line),
          },
        ]}
      />
      <Fields
        fields={[
          { label: t('field.app'), value: <AppName appKey={order.app_key} /> },
          { label: t('field.enterprise'), value: <EnterpriseName id={order.enterprise_id} /> },
          { label: t('field.is_fast'), value: t(order.is_fast ? 'yes' : 'no') },
          { label: t('column.expected'), value: order.expected_on },
          { label: t('field.wanted_on'), value: order.wanted_on ?? NONE },
          { label: t('field.note'), value: order.note || NONE },
          { label: t('column.created'), value: <TimeText at={order.created_at} /> },
          { label: t('urge.last'), value: <TimeText at={order.urged_at} /> },
        ]}
      />
      {order.issued > 0 && (
        <p>
          <a
            className="mk-button"
            href={urlOf(`${ORDER}/numbers/file`, { params: { order_id: order.order_id } })}
            download={`order-${order.order_id}.xlsx`}
            data-testid="orders.numbers"
          >
            {t('order.download')}
          </a>
        </p>
      )}
    </>
  )
}

/** The name of an enterprise; its id where the name may not be seen. */
export function EnterpriseName({ id }: { id: string }) {
  const mayRead = useRight('enterprise.read')
  const params = { enterprise_id: id }
  const { data } = useQuery({
    queryKey: [ENTERPRISE, params],
    queryFn: () => ask<Enterprise>('GET', ENTERPRISE, { params }),
    enabled: mayRead,
  })
  return data?.name ?? id
}

function Actions({ order }: { order: Order }) {
  const { t } = useTranslation('ordering')
  const mayWrite = useRight('order.write')
  const client = useQueryClient()
  const isWaiting = order.state === 'submitted' || order.state === 'rejected'
  const isOpen = order.state === 'submitted' || order.state === 'processing'
  if (!mayWrite) return null
  const verb = (name: 'urge' | 'cancel', level: 0 | 2) => (
    <ConfirmButton
      label={t(`verb.${name}`)}
      level={level}
      effect={<p>{t(`order.effect.${name}`)}</p>}
      testId={`orders.${name}`}
      onConfirm={async ({ send }) => {
        await send('POST', `${ORDER}/${name}`, { params: { order_id: order.order_id } })
        toast(t(`done.${name}`))
        await client.invalidateQueries({ queryKey: ['/orders'] })
      }}
    />
  )
  return (
    <div className="mk-actions">
      {isOpen && verb('urge', 0)}
      {isWaiting && verb('cancel', 2)}
      {isWaiting && (
        <Link
          to="/orders/new"
          search={{ change: order.order_id } as never}
          className="mk-button"
          data-testid="orders.change"
        >
          {t(order.state === 'rejected' ? 'order.correct' : 'verb.change')}
        </Link>
      )}
    </div>
  )
}
