import './money.css'
import { useQuery } from '@tanstack/react-query'
import { Tabs } from 'antd'
import { useTranslation } from 'react-i18next'
import { ask } from '@/api/client'
import { PageHead } from '@/kit/PageHead'
import { useUrl } from '@/kit/useUrl'
import { Accounts } from './Accounts'
import type { AccountRow } from './money'
import { Offers } from './Offers'
import { Runs } from './Runs'
import { Tariffs } from './Tariffs'

const TABS = ['accounts', 'tariffs', 'packages', 'runs'] as const
const MANY = 500

/** Who owes what, what is charged from when, and did the runs come to an end? */
export default function PlatformMoneyPage() {
  const { t } = useTranslation('money')
  const [url, change] = useUrl()
  const shown = TABS.find((tab) => tab === url.tab) ?? 'accounts'
  const query = { limit: MANY }
  const { data } = useQuery({
    queryKey: ['/money/accounts', undefined, query],
    queryFn: () => ask<{ items: AccountRow[] }>('GET', '/money/accounts', { query }),
  })
  const currency = data?.items[0]?.currency ?? 'CNY'
  const owing = data?.items.filter(({ arrears_since }) => arrears_since !== null).length ?? 0
  const low = data?.items.filter((one) => one.alerted_at !== null && !one.arrears_since).length ?? 0
  const contents = {
    accounts: <Accounts />,
    tariffs: <Tariffs currency={currency} />,
    packages: <Offers currency={currency} />,
    runs: <Runs currency={currency} />,
  }
  return (
    <>
      <PageHead
        title={t('platform.title')}
        tone={owing > 0 ? 'bad' : low > 0 ? 'warn' : 'ok'}
        verdict={
          data &&
          (owing > 0
            ? t('platform.owing', { count: owing })
            : low > 0
              ? t('platform.low', { count: low })
              : t('platform.well'))
        }
      />
      <Tabs
        activeKey={shown}
        destroyOnHidden
        onChange={(tab) =>
          change({
            tab: tab === 'accounts' ? null : tab,
            after: null,
            trail: null,
            kind: null,
            state: null,
            is_in_arrears: null,
          })
        }
        items={TABS.map((key) => ({ key, label: t(`tab.${key}`), children: contents[key] }))}
      />
    </>
  )
}
