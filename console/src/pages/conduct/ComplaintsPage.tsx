import './conduct.css'
import { Button, Tabs } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useRight } from '@/app/SessionContext'
import { PageHead } from '@/kit/PageHead'
import { useUrl } from '@/kit/useUrl'
import { Complaints } from './Complaints'
import { NewDialog } from './NewDialog'
import { Violations } from './Violations'

/** Who breaks the rules, what does it rest on, and what was done about it? */
export default function ComplaintsPage() {
  const { t } = useTranslation('conduct')
  const [url, change] = useUrl()
  const mayWrite = useRight('complaint.write')
  const [isAdding, setAdding] = useState(false)
  const about = url.view === 'violations' ? 'violation' : 'complaint'
  const turn = (view: string) =>
    change({
      view: view === 'violation' ? 'violations' : null,
      state: null,
      open: null,
      after: null,
      trail: null,
    })
  return (
    <>
      <PageHead
        title={t('title')}
        verdict={t(mayWrite ? 'verdict' : 'verdictOwn')}
        actions={
          mayWrite && (
            <Button type="primary" data-testid="conduct.add" onClick={() => setAdding(true)}>
              {t(`${about}.add`)}
            </Button>
          )
        }
      />
      <Tabs
        activeKey={about}
        onChange={turn}
        destroyOnHidden
        items={[
          { key: 'complaint', label: t('complaint.all'), children: <Complaints /> },
          { key: 'violation', label: t('violation.all'), children: <Violations /> },
        ]}
      />
      {isAdding && <NewDialog about={about} onClose={() => setAdding(false)} />}
    </>
  )
}
