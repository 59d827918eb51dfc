import './ordering.css'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { Link, useNavigate } from '@tanstack/react-router'
import { Button } from 'antd'
import { type SyntheticEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { ask } from '@/api/client'
import { toast } from '@/app/toast'
import { EmptyState } from '@/kit/EmptyState'
import { ErrorBox } from '@/kit/ErrorBox'
import { PageHead } from '@/kit/PageHead'
import { Skeleton } from '@/kit/Skeleton'
import { useAction } from '@/kit/useAction'
import { useApplications } from '@/kit/useDirectory'
import { useUrl } from '@/kit/useUrl'
import { Text } from './Choice'
import { useContacts } from './ContactsPage'
import { type Keyed, keyed, LineEditor, withoutKeys } from './LineEditor'
import { type Enterprise, type Line, ORDER, type Order } from './ordering'

const ONE: Line = { area_code: null, kind: 'virtual_operator', quantity: 1, may_message: false }

/** Order numbers line by line, or from a spreadsheet; also what was rejected, anew. */
export default function OrderFormPage() {
  const { t } = useTranslation('ordering')
  const [url] = useUrl()
  const id = url.change
  const params = { order_id: id ?? '' }
  const { data: before, error } = useQuery({
    queryKey: [ORDER, params],
    queryFn: () => ask<Order>('GET', ORDER, { params }),
    enabled: id !== undefined,
  })
  const query = { limit: 100, state: 'approved' }
  const enterprises = useQuery({
    queryKey: ['/enterprises', undefined, query],
    queryFn: () => ask<{ items: Enterprise[] }>('GET', '/enterprises', { query }),
  })
  const failed = error ?? enterprises.error
  if (failed) return <ErrorBox error={failed} />
  if (!enterprises.data || (id && !before)) return <Skeleton />
  const usable = enterprises.data.items.filter((one) => !one.is_expired)
  return (
    <>
      <p>
        <Link to="/orders">{t('order.title')}</Link>
      </p>
      <PageHead title={t(id ? 'order.changing' : 'order.new')} verdict={t('order.how')} />
      {usable.length ? (
        <OrderForm enterprises={usable} before={before} />
      ) : (
        <EmptyState
          title={t('order.noEnterprise')}
          action={
            <Link to="/enterprises" className="mk-button is-primary">
              {t('enterprise.title')}
            </Link>
          }
        />
      )}
    </>
  )
}

function OrderForm({ enterprises, before }: { enterprises: Enterprise[]; before?: Order }) {
  const { t } = useTranslation('ordering')
  const client = useQueryClient()
  const navigate = useNavigate()
  const apps = useApplications().items.filter(({ state }) => state === 'normal')
  const contacts = useContacts().items ?? []
  const [lines, setLines] = useState<Keyed[]>(() => keyed(before?.lines.map(lineOf) ?? [ONE]))
  const { isBusy, error, act, form } = useAction()
  const submit = async (event: SyntheticEvent<HTMLFormElement>) => {
    event.preventDefault()
    const given = new FormData(event.currentTarget)
    const said = (name: string) => String(given.get(name) ?? '').trim()
    const body = {
      app_key: said('app'),
      enterprise_id: said('enterprise'),
      contact_id: said('contact') || null,
      is_fast: given.get('is_fast') === 'on',
      wanted_on: said('wanted_on') || null,
      note: said('note'),
      lines: withoutKeys(lines),
    }
    await act(async ({ send }) => {
      const order = before
        ? await send<Order>('PATCH', ORDER, { params: { order_id: before.order_id }, body })
        : await send<Order>('POST', '/orders', { body })
      toast(t('order.sent', { day: order.expected_on }))
      await client.invalidateQueries({ queryKey: ['/orders'] })
      await navigate({ to: '/orders', search: { open: order.order_id } as never })
    })
  }
  return (
    <form ref={form} className="mk-form" onSubmit={(event) => void submit(event)}>
      <section className="mk-card">
        <div className="mk-form ordering-form">
          <label>
            {t('field.enterprise')}
            <select name="enterprise" required defaultValue={before?.enterprise_id}>
              {enterprises.map(({ enterprise_id: id, name }) => (
                <option key={id} value={id}>
                  {name}
                </option>
              ))}
            </select>
          </label>
          <label>
            {t('field.app')}
            <select key={apps.length} name="app" required defaultValue={before?.app_key}>
              {apps.map(({ app_key: key, name, mode }) => (
                <option key={key} value={key}>
                  {name} ({mode.toUpperCase()})
                </option>
              ))}
            </select>
            {apps.length === 0 && <small className="mk-error">{t('order.noApp')}</small>}
          </label>
          <label>
            {t('field.contact')}
            <select key={contacts.length} name="contact" defaultValue={before?.contact_id ?? ''}>
              <option value="">{t('order.noContact')}</option>
              {contacts.map(({ contact_id: id, name }) => (
                <option key={id} value={id}>
                  {name}
                </option>
              ))}
            </select>
          </label>
          <Text name="wanted_on" type="date" value={before?.wanted_on ?? ''} />
          <label className="ordering-check is-wide">
            <input type="checkbox" name="is_fast" defaultChecked={before?.is_fast ?? true} />
            {t('order.fast')}
          </label>
          <Text name="note" value={before?.note} isLong max={500} />
        </div>
      </section>
      <LineEditor lines={lines} onChange={setLines} />
      {error !== null && <ErrorBox error={error} />}
      <div className="mk-actions">
        <Button
          type="primary"
          htmlType="submit"
          loading={isBusy}
          disabled={lines.length === 0 || apps.length === 0}
          data-testid="orders.submit"
        >
          {t('order.submit', { n: lines.reduce((sum, { line }) => sum + line.quantity, 0) })}
        </Button>
      </div>
    </form>
  )
}

const lineOf = ({ area_code, kind, quantity, may_message }: Order['lines'][number]): Line => ({
  area_code,
  kind,
  quantity,
  may_message,
})
