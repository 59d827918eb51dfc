import './money.css'
import { Button, Tabs } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useZone } from '@/app/preferences'
import { useRight } from '@/app/SessionContext'
import { ErrorBox } from '@/kit/ErrorBox'
import { formatTime } from '@/kit/format'
import { PageHead } from '@/kit/PageHead'
import { Skeleton } from '@/kit/Skeleton'
import { useUrl } from '@/kit/useUrl'
import { Balance } from './Balance'
import { BookForm, TermsForm } from './forms'
import { Ledger } from './Ledger'
import { type Account, toneOf, useAccount, useMoney } from './money'
import { Packages } from './Packages'
import { StatementTab } from './StatementTab'

const TABS = ['balance', 'ledger', 'statement', 'packages'] as const

export function TenantMoney({ tenantId }: { tenantId: string }) {
  const { t } = useTranslation('money')
  const { data: account, error, refetch } = useAccount(tenantId)
  const isPlatform = useRight('money.write')
  const [url, change] = useUrl()
  const title = account && isPlatform ? account.name : t('title')
  if (!account) {
    return (
      <>
        <PageHead title={title} />
        {error ? <ErrorBox error={error} onRetry={() => void refetch()} /> : <Skeleton rows={6} />}
      </>
    )
  }
  const shown = TABS.find((tab) => tab === url.tab) ?? 'balance'
  const contents = {
    balance: <Balance account={account} />,
    ledger: <Ledger account={account} />,
    statement: <StatementTab account={account} />,
    packages: <Packages account={account} />,
  }
  return (
    <>
      <PageHead
        title={title}
        tone={toneOf(account)}
        verdict={<Verdict account={account} />}
        actions={<Actions account={account} />}
      />
      <Tabs
        activeKey={shown}
        destroyOnHidden
        onChange={(tab) =>
          change({ tab: tab === 'balance' ? null : tab, after: null, trail: null, kind: null })
        }
        items={TABS.map((key) => ({ key, label: t(`tab.${key}`), children: contents[key] }))}
      />
    </>
  )
}

function Verdict({ account }: { account: Account }) {
  const { t } = useTranslation('money')
  const money = useMoney(account.currency)
  const zone = useZone()
  const balance = money(account.balance)
  if (account.arrears_since) {
    const release = account.release_at
      ? t('verdict.release', { at: formatTime(account.release_at, zone) })
      : t('verdict.released')
    return `${t('verdict.arrears', {
      since: formatTime(account.arrears_since, zone),
      owed: money(-account.balance),
    })} ${release}`
  }
  if (!account.is_charging) return t('verdict.off', { balance })
  if (account.days_left === null) return t('verdict.unused', { balance })
  return t(account.credit > 0 ? 'verdict.lastsCredit' : 'verdict.lasts', {
    balance,
    count: account.days_left,
    use: money(account.daily_use),
  })
}

function Actions({ account }: { account: Account }) {
  const { t } = useTranslation('money')
  const mayPay = useRight('money.top_up')
  const isPlatform = useRight('money.write')
  const [open, setOpen] = useState<'top-ups' | 'adjustments' | 'terms' | null>(null)
  const close = () => setOpen(null)
  return (
    <>
      {isPlatform && (
        <>
          <Button type="primary" data-testid="money.topUp" onClick={() => setOpen('top-ups')}>
            {t('topUp.do')}
          </Button>
          <Button data-testid="money.adjust" onClick={() => setOpen('adjustments')}>
            {t('adjust.do')}
          </Button>
        </>
      )}
      {(mayPay || isPlatform) && (
        <Button data-testid="money.terms" onClick={() => setOpen('terms')}>
          {t(isPlatform ? 'terms.do' : 'terms.doOwn')}
        </Button>
      )}
      {open === 'terms' && <TermsForm account={account} onClose={close} />}
      {open && open !== 'terms' && <BookForm account={account} about={open} onClose={close} />}
    </>
  )
}
