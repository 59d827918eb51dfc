import { Button } from 'antd'
import { type SyntheticEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Schema } from '@/api/client'
import { CancelButton, Dialog } from '@/kit/Dialog'
import { ErrorBox } from '@/kit/ErrorBox'
import { PlainTable } from '@/kit/PlainTable'
import { NumberText } from '@/kit/Texts'
import { useAction } from '@/kit/useAction'
import { useApplications, useCities } from '@/kit/useDirectory'
import { KINDS } from './StockNumbers'

type Issued = Schema<'IssuedView'>

/** Gives numbers of the stock to an application, as many as are there. */
export function IssueDialog({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation(['platform', 'kit', 'numbers'])
  const [issued, setIssued] = useState<Issued | null>(null)
  return (
    <Dialog title={t('stock.issue')} onClose={onClose} testId="stock.issueForm">
      {issued ? <Given issued={issued} onClose={onClose} /> : <IssueForm onIssued={setIssued} />}
    </Dialog>
  )
}

function IssueForm({ onIssued }: { onIssued: (issued: Issued) => void }) {
  const { t } = useTranslation(['platform', 'kit', 'numbers'])
  const apps = useApplications()
  const cities = useCities()
  const { isBusy, error, act, form } = useAction()
  const send = async (event: SyntheticEvent<HTMLFormElement>) => {
    event.preventDefault()
    const given = new FormData(event.currentTarget)
    const text = (name: string) => String(given.get(name) ?? '').trim()
    await act(async ({ send }) => {
      onIssued(
        await send<Issued>('POST', '/stock/issues', {
          body: {
            app_key: text('app_key'),
            quantity: Number(text('quantity')),
            kind: text('kind'),
            area_code: text('area_code') || null,
            may_message: given.get('may_message') === 'on',
            reference: text('reference'),
          },
        }),
      )
    })
  }
  return (
    <form ref={form} className="mk-form" onSubmit={(event) => void send(event)}>
      <p className="mk-quiet">{t('stock.issueEffect')}</p>
      <label>
        {t('numbers:filter.app')}
        <select name="app_key" required data-testid="stock.issueForm.app">
          <option value="">{t('numbers:need.choose')}</option>
          {apps.items.map(({ app_key, name, mode }) => (
            <option key={app_key} value={app_key}>
              {name} ({mode.toUpperCase()}) {app_key}
            </option>
          ))}
        </select>
      </label>
      <label>
        {t('stock.quantity')}
        <input name="quantity" type="number" min={1} max={1000} defaultValue={1} required />
      </label>
      <label>
        {t('numbers:column.kind')}
        <select name="kind">
          {KINDS.map((kind) => (
            <option key={kind} value={kind}>
              {t(`numbers:kind.${kind}`)}
            </option>
          ))}
        </select>
      </label>
      <label>
        {t('numbers:column.city')}
        <select name="area_code">
          <option value="">{t('stock.anyCity')}</option>
          {cities.items.map(({ code, name }) => (
            <option key={code} value={code}>
              {name} {code}
            </option>
          ))}
        </select>
      </label>
      <label className="platform-flag">
        <input name="may_message" type="checkbox" /> {t('stock.withMessages')}
      </label>
      <label>
        {t('stock.reference')}
        <input name="reference" maxLength={64} required data-testid="stock.issueForm.reference" />
      </label>
      <p className="mk-quiet">{t('stock.referenceHint')}</p>
      {error !== null && <ErrorBox error={error} />}
      <div className="mk-actions">
        <CancelButton />
        <Button
          type="primary"
          htmlType="submit"
          loading={isBusy}
          data-testid="stock.issueForm.send"
        >
          {t('stock.issue')}
        </Button>
      </div>
    </form>
  )
}

function Given({ issued, onClose }: { issued: Issued; onClose: () => void }) {
  const { t } = useTranslation(['platform', 'numbers'])
  return (
    <>
      <p role="status" data-testid="stock.issued">
        {t('stock.issued', { count: issued.numbers.length })}{' '}
        {issued.missing > 0 && t('stock.missing', { n: issued.missing })}
      </p>
      <PlainTable
        label={t('stock.issuedNumbers')}
        rows={issued.numbers}
        rowId={({ number }) => number}
        columns={[
          {
            key: 'number',
            title: t('numbers:column.number'),
            render: ({ number }) => <NumberText number={number} />,
          },
          {
            key: 'state',
            title: t('numbers:column.state'),
            render: ({ state }) => t(`numbers:state.${state}`),
          },
        ]}
      />
      <div className="mk-actions">
        <Button type="primary" onClick={onClose}>
          {t('stock.close')}
        </Button>
      </div>
    </>
  )
}
