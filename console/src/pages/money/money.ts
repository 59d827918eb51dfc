import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { ask, type Schema } from '@/api/client'

export type Account = Schema<'AccountOutlookView'>
export type AccountRow = Schema<'AccountView'>
export type Posting = Schema<'PostingView'>
export type Statement = Schema<'StatementView'>
export type StatementLine = Schema<'StatementLineView'>
export type Tariff = Schema<'TariffView'>
export type Package = Schema<'PackageView'>
export type Purchase = Schema<'PurchaseView'>
export type ChargeRun = Schema<'ChargeRunView'>

/** What is charged, in the order in which statements and charts show it. */
export const CHARGED = ['rent', 'call', 'message', 'package', 'storage'] as const
export const KINDS = [...CHARGED, 'top_up', 'adjustment'] as const
export const PRICES = [
  'carrier_rent',
  'virtual_operator_rent',
  'call_minute',
  'carrier_message',
  'virtual_operator_message',
  'storage',
] as const

const FEW_DAYS = 7

function formatOf(currency: string, locale: string): Intl.NumberFormat {
  return new Intl.NumberFormat(locale, {
    style: 'currency',
    currency,
    currencyDisplay: 'narrowSymbol',
  })
}

/** How many digits the minor unit of a currency takes. */
export function digitsOf(currency: string): number {
  return formatOf(currency, 'en').resolvedOptions().maximumFractionDigits ?? 2
}

/** `¥1,234.50` of 123450. */
export function formatMoney(amount: number, currency: string, locale = 'en'): string {
  return formatOf(currency, locale).format(amount / 10 ** digitsOf(currency))
}

/** What was typed, such as `12.5`, in the minor unit; null where it is no amount. */
export function readMoney(text: string, currency: string): number | null {
  const digits = digitsOf(currency)
  const found = /^(-?)(\d{1,10})(?:\.(\d+))?$/.exec(text.trim())
  if (!found || (found[3] ?? '').length > digits) return null
  const amount = Number(found[2]) * 10 ** digits + Number((found[3] ?? '').padEnd(digits, '0') || 0)
  return found[1] ? -amount : amount
}

/** An amount in the minor unit as it is typed. */
export function writtenMoney(amount: number, currency: string): string {
  const digits = digitsOf(currency)
  return (amount / 10 ** digits).toFixed(digits)
}

/** Formats amounts of a currency in the language of the page. */
export function useMoney(currency: string): (amount: number) => string {
  const locale = useTranslation().i18n.language.startsWith('zh') ? 'zh-CN' : 'en'
  return (amount) => formatMoney(amount, currency, locale)
}

export function useAccount(tenantId: string) {
  const params = { tenant_id: tenantId }
  return useQuery({
    queryKey: ['/money/accounts/{tenant_id}', params],
    queryFn: ({ signal }) => ask<Account>('GET', '/money/accounts/{tenant_id}', { params, signal }),
  })
}

/** How serious it is. */
export function toneOf(account: Account): 'ok' | 'warn' | 'bad' | 'plain' {
  if (account.arrears_since) return 'bad'
  const isShort = account.days_left !== null && account.days_left < FEW_DAYS
  const isLow = account.alert_below !== null && account.balance < account.alert_below
  if (isShort || isLow) return 'warn'
  return account.is_charging ? 'ok' : 'plain'
}

/** The month before, such as `2026-11` of `2026-12`. */
export function monthsBack(month: string, count: number): string[] {
  const [year = 2000, number = 1] = month.split('-').map(Number)
  return Array.from({ length: count }, (_, back) => {
    const all = year * 12 + number - 1 - back
    return `${Math.floor(all / 12)}-${String((all % 12) + 1).padStart(2, '0')}`
  })
}
