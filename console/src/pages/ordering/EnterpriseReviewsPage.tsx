import { useQueryClient } from '@tanstack/react-query'
import { Button } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { ask } from '@/api/client'
import { ErrorBox } from '@/kit/ErrorBox'
import { useAction } from '@/kit/useAction'
import { Decide } from './Decide'
import { EnterpriseFields } from './EnterpriseFields'
import { EnterpriseState, useEnterpriseColumns } from './EnterprisesPage'
import { ENTERPRISE, ENTERPRISE_STATES, type Enterprise } from './ordering'
import { PaperViewer } from './PaperViewer'
import { Queue } from './Queue'

const STATES = ENTERPRISE_STATES.filter((state) => state !== 'draft')
const REASONS = [
  'unclear',
  'seal',
  'differs',
  'abnormal',
  'blacklisted',
  'complaints',
  'prohibited',
]

/** Which enterprises wait, and are their papers good? */
export default function EnterpriseReviewsPage() {
  const columns = useEnterpriseColumns()
  return (
    <Queue<Enterprise>
      of="enterprise"
      path="/enterprises"
      states={STATES}
      waiting="waiting"
      columns={columns}
      rowId={(row) => row.enterprise_id}
      title={(row) => row.name}
      detail={(row, next) => <Detail enterprise={row} onDecided={next} />}
    />
  )
}

function Detail({ enterprise, onDecided }: { enterprise: Enterprise; onDecided: () => void }) {
  const { t } = useTranslation('ordering')
  const client = useQueryClient()
  const [people, setPeople] = useState<Partial<Enterprise>>()
  const { isBusy, error, act } = useAction()
  const params = { enterprise_id: enterprise.enterprise_id }
  const look = () =>
    act(async () =>
      setPeople(await ask<Partial<Enterprise>>('GET', `${ENTERPRISE}/people`, { params })),
    )
  return (
    <>
      <p>
        <EnterpriseState enterprise={enterprise} />
      </p>
      {enterprise.reason && <p className="mk-verdict is-warn">{enterprise.reason}</p>}
      <EnterpriseFields enterprise={enterprise} people={people} />
      {!people && (
        <p>
          <Button loading={isBusy} data-testid="reviews.people" onClick={() => void look()}>
            {t('review.people')}
          </Button>{' '}
          <span className="mk-quiet">{t('review.recorded')}</span>
        </p>
      )}
      {error !== null && <ErrorBox error={error} />}
      <PaperViewer enterprise={enterprise} />
      {enterprise.state === 'waiting' && (
        <Decide
          path={ENTERPRISE}
          params={params}
          revision={enterprise.revision}
          reasons={REASONS}
          canProhibit
          approve={t('review.approve.enterprise')}
          onDecided={async () => {
            onDecided()
            await client.invalidateQueries({ queryKey: ['/enterprises'] })
          }}
        />
      )}
    </>
  )
}
