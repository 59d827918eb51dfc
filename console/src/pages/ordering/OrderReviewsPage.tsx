import { useQueryClient } from '@tanstack/react-query'
import { Button } from 'antd'
import type { SyntheticEvent } from 'react'
import { useTranslation } from 'react-i18next'
import { toast } from '@/app/toast'
import { ConfirmButton } from '@/kit/ConfirmButton'
import { ErrorBox } from '@/kit/ErrorBox'
import { useAction } from '@/kit/useAction'
import { Text } from './Choice'
import { Decide } from './Decide'
import { globalForm } from './EnterpriseForm'
import { OrderDetail } from './OrderDrawer'
import { useOrderColumns } from './OrdersPage'
import { ORDER, ORDER_STATES, type Order } from './ordering'
import { Queue } from './Queue'

const REASONS = ['unreachable', 'noNumbers', 'vanity', 'abnormal', 'blacklisted', 'complaints']
const SCHEMES = [1, 2, 3, 4, 5, 6]

/** Which orders wait, and of which are numbers still missing? */
export default function OrderReviewsPage() {
  const { t } = useTranslation('ordering')
  const columns = useOrderColumns()
  return (
    <Queue<Order>
      of="order"
      path="/orders"
      states={ORDER_STATES}
      waiting="submitted"
      columns={columns}
      rowId={(row) => row.order_id}
      title={() => t('order.one')}
      detail={(row, next) => <Detail order={row} onDecided={next} />}
    />
  )
}

function Detail({ order, onDecided }: { order: Order; onDecided: () => void }) {
  const { t } = useTranslation('ordering')
  const client = useQueryClient()
  const refresh = () => client.invalidateQueries({ queryKey: ['/orders'] })
  return (
    <>
      <OrderDetail order={order} />
      {order.state === 'submitted' && (
        <Decide
          path={ORDER}
          params={{ order_id: order.order_id }}
          revision={order.revision}
          reasons={REASONS}
          approve={t('review.approve.order')}
          onDecided={async () => {
            onDecided()
            await refresh()
          }}
        />
      )}
      {order.state === 'processing' && <Issue order={order} onDone={refresh} />}
    </>
  )
}

function Issue({ order, onDone }: { order: Order; onDone: () => Promise<unknown> }) {
  const { t } = useTranslation('ordering')
  const params = { order_id: order.order_id }
  const missing = order.quantity - order.issued
  return (
    <div className="ordering-decide">
      <div className="mk-actions">
        <ConfirmButton
          label={t('issue.stock', { n: missing })}
          level={1}
          type="primary"
          effect={<p>{t('issue.effect')}</p>}
          testId="orders.issue"
          onConfirm={async ({ send }) => {
            const after = await send<Order>('POST', `${ORDER}/issue`, { params })
            toast(t('issue.done', { n: after.issued - order.issued }))
            await onDone()
          }}
        />
        <ConfirmButton
          label={t('issue.close')}
          level={2}
          effect={<p>{t('issue.closeEffect', { n: order.issued })}</p>}
          testId="orders.close"
          onConfirm={async ({ send }) => {
            await send('POST', `${ORDER}/close`, { params, body: { reason: t('why.noNumbers') } })
            await onDone()
          }}
        />
      </div>
      <ByHand order={order} onDone={onDone} />
    </div>
  )
}

function ByHand({ order, onDone }: { order: Order; onDone: () => Promise<unknown> }) {
  const { t } = useTranslation('ordering')
  const { isBusy, error, act, form } = useAction()
  const issue = async (event: SyntheticEvent<HTMLFormElement>) => {
    event.preventDefault()
    const given = new FormData(event.currentTarget)
    const scheme = Number(given.get('scheme')) || null
    const area = String(given.get('area_code') ?? '').trim() || null
    const numbers = String(given.get('numbers')).split(/[\s,，;；]+/)
    const body = {
      line: Number(given.get('line')),
      numbers: numbers.filter(Boolean).map((number) => ({
        number: globalForm(number),
        area_code: area,
        scheme,
        supplier: String(given.get('supplier') ?? '').trim(),
      })),
    }
    await act(async ({ send }) => {
      const params = { order_id: order.order_id }
      const after = await send<Order>('POST', `${ORDER}/issue-by-hand`, { params, body })
      toast(t('issue.done', { n: after.issued - order.issued }))
      await onDone()
    })
  }
  return (
    <form ref={form} className="mk-form ordering-decide" onSubmit={(event) => void issue(event)}>
      <h3>{t('issue.byHand')}</h3>
      <label>
        {t('issue.line')}
        <select name="line">
          {order.lines.map((line, at) => (
            <option key={at} value={at} disabled={line.issued >= line.quantity}>
              {line.area_code ?? t('order.anyCity')} · {t(`kind.${line.kind}`)} ·{' '}
              {t('order.progress', line)}
            </option>
          ))}
        </select>
      </label>
      <Text name="numbers" isNeeded isLong max={20_000} hint={t('issue.numbers')} />
      <Text name="area_code" hint={t('issue.area')} max={4} />
      <Text name="supplier" max={64} />
      <label>
        {t('field.scheme')}
        <select name="scheme">
          <option value="">{t('issue.noScheme')}</option>
          {SCHEMES.map((scheme) => (
            <option key={scheme} value={scheme}>
              {t('issue.scheme', { n: scheme })}
            </option>
          ))}
        </select>
      </label>
      {error !== null && <ErrorBox error={error} />}
      <div>
        <Button htmlType="submit" loading={isBusy} data-testid="orders.byHand">
          {t('issue.byHandGo')}
        </Button>
      </div>
    </form>
  )
}
