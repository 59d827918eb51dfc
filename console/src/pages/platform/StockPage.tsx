import './platform.css'
import { useQueryClient } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { Button, Tabs } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useRight } from '@/app/SessionContext'
import { PageHead } from '@/kit/PageHead'
import { useUrl } from '@/kit/useUrl'
import { IssueDialog } from './IssueDialog'
import { StockCounts, useStockCounts } from './StockCounts'
import { StockNumbers } from './StockNumbers'

/** What can be issued, where, and what rests? */
export default function StockPage() {
  const { t } = useTranslation('platform')
  const navigate = useNavigate()
  const client = useQueryClient()
  const mayWrite = useRight('stock.write')
  const [url, change] = useUrl()
  const [isIssuing, setIssuing] = useState(false)
  const { data } = useStockCounts()
  const free = data?.items.reduce((sum, one) => sum + one.free, 0) ?? 0
  const resting = data?.items.reduce((sum, one) => sum + one.resting, 0) ?? 0
  const view = url.view === 'numbers' ? 'numbers' : 'counts'
  return (
    <>
      <PageHead
        title={t('stock.title')}
        verdict={data && t('stock.verdict', { free, resting, sorts: data.items.length })}
        actions={
          mayWrite && (
            <>
              <Button onClick={() => void navigate({ to: '/platform/stock/import' })}>
                {t('stock.import')}
              </Button>
              <Button
                type="primary"
                data-testid="stock.issue"
                disabled={free === 0}
                onClick={() => setIssuing(true)}
              >
                {t('stock.issue')}
              </Button>
            </>
          )
        }
      />
      <Tabs
        activeKey={view}
        destroyOnHidden
        onChange={(key) =>
          change({
            view: key === 'numbers' ? key : null,
            open: null,
            after: null,
            trail: null,
            area_code: null,
            kind: null,
            prefix: null,
          })
        }
        items={[
          { key: 'counts', label: t('stock.counts'), children: <StockCounts /> },
          { key: 'numbers', label: t('stock.numbers'), children: <StockNumbers /> },
        ]}
      />
      {isIssuing && (
        <IssueDialog
          onClose={() => {
            setIssuing(false)
            void client.invalidateQueries({ queryKey: ['/stock'] })
            void client.invalidateQueries({ queryKey: ['/stock/counts'] })
          }}
        />
      )}
    </>
  )
}
