import { useQueryClient } from '@tanstack/react-query'
import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import { useRight } from '@/app/SessionContext'
import { toast } from '@/app/toast'
import { ConfirmButton } from '@/kit/ConfirmButton'
import type { Column } from '@/kit/columns'
import { Fields } from '@/kit/Fields'
import { StateTag } from '@/kit/StateTag'
import { NONE, TimeText } from '@/kit/Texts'
import { Decide } from './Decide'
import { ACTIVATION, type Activation, TONES } from './ordering'
import { Queue } from './Queue'

const STATES = ['waiting', 'approved', 'rejected', 'restricted', 'needed'] as const
const REASONS = ['prohibited', 'unclear', 'blacklisted', 'abnormal'] as const

/** Which customers want to use the service, and may they? */
export default function ActivationReviewsPage() {
  const { t } = useTranslation('ordering')
  const columns = useColumns()
  return (
    <Queue<Activation>
      of="activation"
      path="/activations"
      states={STATES}
      waiting="waiting"
      columns={columns}
      rowId={(row) => row.tenant_id}
      title={(row) => row.form?.company || t('enterprise.unnamed')}
      detail={(row, next) => <Detail activation={row} onDecided={next} />}
    />
  )
}

function Detail({ activation, onDecided }: { activation: Activation; onDecided: () => void }) {
  const { t } = useTranslation('ordering')
  const client = useQueryClient()
  const mayLift = useRight('tenant.write')
  const form = activation.form
  const params = { tenant_id: activation.tenant_id }
  const refresh = () => client.invalidateQueries({ queryKey: ['/activations'] })
  const word = (group: string, value?: string | null) => (value ? t(`${group}.${value}`) : NONE)
  return (
    <>
      {activation.reason && <p className="mk-verdict is-warn">{activation.reason}</p>}
      <Fields
        fields={[
          { label: t('field.company'), value: form?.company || NONE },
          { label: t('field.nature'), value: word('nature', form?.nature) },
          {
            label: t('field.industry'),
            value: `${word('industry', form?.industry)} ${form?.other_industry ?? ''}`.trim(),
          },
          {
            label: t('field.bearer_kind'),
            value: `${word('bearer', form?.bearer_kind)} ${form?.bearer_name ?? ''}`.trim(),
          },
          { label: t('field.scene'), value: form?.scene || NONE },
          { label: t('field.script'), value: form?.script || NONE },
          { label: t('field.prohibited'), value: activation.prohibited },
        ]}
      />
      {activation.state === 'waiting' && (
        <Decide
          path={ACTIVATION}
          params={params}
          revision={activation.revision ?? 1}
          reasons={REASONS}
          canProhibit
          approve={t('review.approve.activation')}
          onDecided={async () => {
            onDecided()
            await refresh()
          }}
        />
      )}
      {activation.state === 'restricted' && mayLift && (
        <ConfirmButton
          label={t('activation.lift')}
          level={2}
          effect={<p>{t('activation.liftEffect')}</p>}
          onConfirm={async ({ send }) => {
            await send('POST', `${ACTIVATION}/lift`, { params })
            toast(t('done.save'))
            await refresh()
          }}
        />
      )}
    </>
  )
}

function useColumns(): Column<Activation>[] {
  const { t } = useTranslation('ordering')
  return useMemo(
    () => [
      {
        key: 'company',
        title: t('field.company'),
        isFixed: true,
        render: ({ form }) => form?.company || NONE,
      },
      {
        key: 'state',
        title: t('column.state'),
        render: ({ state }) =>
          state && <StateTag tone={TONES[state]}>{t(`state.${state}`)}</StateTag>,
      },
      {
        key: 'industry',
        title: t('field.industry'),
        render: ({ form }) => (form?.industry ? t(`industry.${form.industry}`) : NONE),
      },
      { key: 'since', title: t('column.since'), render: (row) => <TimeText at={row.since} /> },
      { key: 'urged', title: t('urge.last'), render: (row) => <TimeText at={row.urged_at} /> },
    ],
    [t],
  )
}
