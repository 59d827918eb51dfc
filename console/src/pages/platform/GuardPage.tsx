import './platform.css'
import { Button, Tabs } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useRight } from '@/app/SessionContext'
import { PageHead } from '@/kit/PageHead'
import { useUrl } from '@/kit/useUrl'
import { CallBlocks } from './CallBlocks'
import { FrequencyRules } from './FrequencyRules'
import { guardFields } from './guard'
import { ObjectForm } from './ObjectForm'

/** Whose calls are stopped, and how often may calls come? */
export default function GuardPage() {
  const { t } = useTranslation('platform')
  const [url, change] = useUrl()
  const isPlatform = useRight('guard.write')
  const mayWrite = useRight('call_rule.write')
  const [isAdding, setAdding] = useState(false)
  const about = url.view === 'rules' ? 'rule' : 'block'
  const turn = (view: string) =>
    change({
      view: view === 'rule' ? 'rules' : null,
      scope: null,
      direction: null,
      who: null,
      open: null,
      after: null,
      trail: null,
    })
  return (
    <>
      <PageHead
        title={t('guard.title')}
        verdict={t(isPlatform ? 'guard.verdict' : 'guard.verdictOwn')}
        actions={
          mayWrite && (
            <Button type="primary" data-testid="guard.add" onClick={() => setAdding(true)}>
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
          { key: 'block', label: t('guard.blocks'), children: <CallBlocks /> },
          { key: 'rule', label: t('guard.rules'), children: <FrequencyRules /> },
        ]}
      />
      {isAdding && (
        <ObjectForm
          about={about}
          path={about === 'block' ? '/call-blocks' : '/frequency-rules'}
          fields={guardFields(about, isPlatform)}
          effect={t(`${about}.effect`)}
          onClose={() => setAdding(false)}
        />
      )}
    </>
  )
}
