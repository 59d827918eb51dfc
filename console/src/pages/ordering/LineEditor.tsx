import { Button } from 'antd'
import { useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { urlOf } from '@/api/client'
import { ErrorBox } from '@/kit/ErrorBox'
import { PlainTable } from '@/kit/PlainTable'
import { useAction } from '@/kit/useAction'
import { useCities } from '@/kit/useDirectory'
import { KINDS, type Line, type SheetLines } from './ordering'

const MAX_QUANTITY = 1000

/** A line with what tells it from the others while it is edited. */
export interface Keyed {
  key: number
  line: Line
}

let last = 0
export const keyed = (lines: Line[]): Keyed[] => lines.map((line) => ({ key: ++last, line }))
export const withoutKeys = (lines: Keyed[]): Line[] => lines.map(({ line }) => line)

interface Props {
  lines: Keyed[]
  onChange: (lines: Keyed[]) => void
}

/** The lines of an order, typed or read from a spreadsheet. */
export function LineEditor({ lines, onChange }: Props) {
  const { t } = useTranslation('ordering')
  const cities = useCities().items
  const set = (key: number, patch: Partial<Line>) =>
    onChange(lines.map((one) => (one.key === key ? { key, line: { ...one.line, ...patch } } : one)))
  const add = () => {
    const line: Line = lines.at(-1)?.line ?? {
      area_code: null,
      kind: 'virtual_operator',
      quantity: 1,
      may_message: false,
    }
    onChange([...lines, ...keyed([{ ...line, area_code: null }])])
  }
  return (
    <section className="mk-card">
      <h2>{t('order.lines')}</h2>
      <p className="mk-quiet">{t('order.limits')}</p>
      <Sheet onRead={(read) => onChange(keyed(read))} />
      <div className="ordering-scroll">
        <table className="ordering-lines">
          <caption className="mk-visually-hidden">{t('order.lines')}</caption>
          <thead>
            <tr>
              {['city', 'kind', 'quantity', 'sms'].map((name) => (
                <th key={name} scope="col">
                  {t(`field.${name}`)}
                </th>
              ))}
              <th scope="col">
                <span className="mk-visually-hidden">{t('paper.actions')}</span>
              </th>
            </tr>
          </thead>
          <tbody>
            {lines.map(({ key, line }) => (
              <tr key={key}>
                <td>
                  <select
                    aria-label={t('field.city')}
                    value={line.area_code ?? ''}
                    data-testid="orders.line.city"
                    onChange={(event) => set(key, { area_code: event.target.value || null })}
                  >
                    <option value="">{t('order.anyCity')}</option>
                    {cities.map(({ code, name }) => (
                      <option key={`${code} ${name}`} value={code}>
                        {name} {code}
                      </option>
                    ))}
                  </select>
                </td>
                <td>
                  <select
                    aria-label={t('field.kind')}
                    value={line.kind}
                    data-testid="orders.line.kind"
                    onChange={(event) => set(key, { kind: event.target.value as Line['kind'] })}
                  >
                    {KINDS.map((kind) => (
                      <option key={kind} value={kind}>
                        {t(`kind.${kind}`)}
                      </option>
                    ))}
                  </select>
                </td>
                <td>
                  <input
                    type="number"
                    min={1}
                    max={MAX_QUANTITY}
                    required
                    aria-label={t('field.quantity')}
                    value={line.quantity || ''}
                    data-testid="orders.line.quantity"
                    onChange={(event) => set(key, { quantity: event.target.valueAsNumber || 0 })}
                  />
                </td>
                <td>
                  <input
                    type="checkbox"
                    aria-label={t('field.sms')}
                    checked={line.may_message ?? false}
                    onChange={(event) => set(key, { may_message: event.target.checked })}
                  />
                </td>
                <td>
                  <Button
                    size="small"
                    disabled={lines.length === 1}
                    onClick={() => onChange(lines.filter((one) => one.key !== key))}
                  >
                    {t('order.removeLine')}
                  </Button>
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <Button onClick={add} data-testid="orders.line.add">
        {t('order.addLine')}
      </Button>
    </section>
  )
}

function Sheet({ onRead }: { onRead: (lines: Line[]) => void }) {
  const { t } = useTranslation('ordering')
  const input = useRef<HTMLInputElement>(null)
  const [errors, setErrors] = useState<SheetLines['errors']>([])
  const [read, setRead] = useState<number | null>(null)
  const { isBusy, error, act } = useAction()
  const upload = async (file?: File) => {
    if (!file) return
    await act(async ({ send }) => {
      const found = await send<SheetLines>('POST', '/order-sheets', {
        file,
        headers: { 'content-type': 'application/octet-stream' },
      })
      setErrors(found.errors)
      setRead(found.lines.length)
      if (found.lines.length) onRead(found.lines)
    })
  }
  return (
    <>
      <p>
        <input
          ref={input}
          type="file"
          accept=".xlsx"
          hidden
          aria-label={t('order.upload')}
          data-testid="orders.sheet"
          onChange={(event) => {
            void upload(event.target.files?.[0])
            event.target.value = ''
          }}
        />
        <Button loading={isBusy} onClick={() => input.current?.click()}>
          {t('order.upload')}
        </Button>{' '}
        <a href={urlOf('/order-sheets/template')} download="order.xlsx">
          {t('order.template')}
        </a>
      </p>
      {error !== null && <ErrorBox error={error} />}
      {read !== null && (
        <p role="status">{t('order.read', { lines: read, errors: errors.length })}</p>
      )}
      {errors.length > 0 && (
        <PlainTable
          label={t('order.errors')}
          rows={errors}
          rowId={({ row }) => String(row)}
          testId="orders.errors"
          columns={[
            { key: 'row', title: t('column.row'), render: ({ row }) => row },
            { key: 'column', title: t('column.column'), render: ({ column }) => column },
            { key: 'value', title: t('column.value'), render: ({ value }) => value || '–' },
            {
              key: 'why',
              title: t('column.reason'),
              render: ({ code, message, hint }) => (
                <>
                  <code>{code}</code> {t([`rowCode.${code}`, 'rowCode.other'], { message })}
                  {hint && <span className="mk-quiet"> {hint}</span>}
                </>
              ),
            },
          ]}
        />
      )}
    </>
  )
}
