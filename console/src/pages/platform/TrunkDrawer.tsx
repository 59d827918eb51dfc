import { useQueryClient } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { Button } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { ask } from '@/api/client'
import { toast } from '@/app/toast'
import { ConfirmButton } from '@/kit/ConfirmButton'
import { DetailDrawer } from '@/kit/DetailDrawer'
import { Fields } from '@/kit/Fields'
import { formatCount } from '@/kit/format'
import { StateTag } from '@/kit/StateTag'
import { ObjectForm } from './ObjectForm'
import { type Condition, TRUNK_FIELDS, TRUNK_TONES, type Trunk, type TrunkHealth } from './trunk'
import { useShown } from './useShown'
import { Told, WorkerState } from './WorkerState'

interface Props {
  trunk: Trunk
  condition: Condition
  workers: readonly TrunkHealth[]
  onClose: () => void
  onNext: () => void
  onPrevious: () => void
}

/** One trunk: how it stands, everything about it, and changing it. */
export function TrunkDrawer({ trunk, condition, workers, ...moves }: Props) {
  const { t } = useTranslation('platform')
  const shown = useShown('trunk')
  const [isChanging, setChanging] = useState(false)
  return (
    <DetailDrawer title={trunk.name} testId="platform.trunk" {...moves}>
      <p>
        <StateTag tone={TRUNK_TONES[condition]}>{t(`trunk.condition.${condition}`)}</StateTag>{' '}
        {t(`trunk.why.${condition}`)}
      </p>
      {trunk.shows_keys && <p role="note">{t('trunk.showsKeys')}</p>}
      {workers.length > 0 && <Workers workers={workers} />}
      <Fields fields={[...shown(TRUNK_FIELDS, trunk)]} />
      <p>
        <Link to={'/platform/refusals' as never} search={{ address: trunk.host } as never}>
          {t('trunk.refusals', { host: trunk.host })}
        </Link>
      </p>
      <div className="mk-actions">
        <Button data-testid="platform.trunk.change" onClick={() => setChanging(true)}>
          {t('form.open')}
        </Button>
        <Switch trunk={trunk} />
        <Remove trunk={trunk} onRemoved={moves.onClose} />
      </div>
      {isChanging && (
        <ObjectForm
          about="trunk"
          path="/trunks"
          fields={TRUNK_FIELDS}
          before={trunk}
          name={trunk.name}
          effect={t('trunk.effect')}
          onClose={() => setChanging(false)}
        />
      )}
    </DetailDrawer>
  )
}

/** How each worker sees it. */
function Workers({ workers }: { workers: readonly TrunkHealth[] }) {
  const { t } = useTranslation('platform')
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reached by keyboard
    <section className="mk-scroll" tabIndex={0} aria-label={t('workers.caption')}>
      <table className="mk-plain-table" data-testid="platform.trunk.workers">
        <caption className="mk-visually-hidden">{t('workers.caption')}</caption>
        <thead>
          <tr>
            <th scope="col">{t('column.worker')}</th>
            <th scope="col">{t('column.state')}</th>
            <th scope="col">{t('column.callsNow')}</th>
            <th scope="col">{t('trunk.misses')}</th>
            <th scope="col">{t('workers.told')}</th>
          </tr>
        </thead>
        <tbody>
          {workers.map((one) => (
            <tr key={one.worker}>
              <th scope="row">{one.worker}</th>
              <td>
                <WorkerState part={one} tone={TRUNK_TONES[one.condition]}>
                  {t(`trunk.condition.${one.condition}`)}
                </WorkerState>
              </td>
              <td>{formatCount(one.calls)}</td>
              <td>{formatCount(one.misses)}</td>
              <td>
                <Told ageS={one.age_s} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  )
}

/** No new calls while it is off; those under way go on. */
function Switch({ trunk }: { trunk: Trunk }) {
  const { t } = useTranslation('platform')
  const client = useQueryClient()
  return (
    <ConfirmButton
      label={trunk.is_enabled ? t('trunk.drain') : t('trunk.enable')}
      level={trunk.is_enabled ? 2 : 1}
      effect={<p>{trunk.is_enabled ? t('trunk.drainEffect') : t('trunk.enableEffect')}</p>}
      testId="platform.trunk.switch"
      onConfirm={async ({ edit }) => {
        await edit('/trunks/{name}', {
          params: { name: trunk.name },
          before: trunk,
          body: { is_enabled: !trunk.is_enabled },
        })
        await client.invalidateQueries({ queryKey: ['/trunks'] })
        await client.invalidateQueries({ queryKey: ['/trunk-states'] })
        toast(t('form.changed'))
      }}
    />
  )
}

function Remove({ trunk, onRemoved }: { trunk: Trunk; onRemoved: () => void }) {
  const { t } = useTranslation('platform')
  const client = useQueryClient()
  return (
    <ConfirmButton
      label={t('trunk.remove')}
      level={2}
      danger
      effect={<p>{t('trunk.removeEffect', { name: trunk.name })}</p>}
      testId="platform.trunk.remove"
      onConfirm={async () => {
        await ask('DELETE', '/trunks/{name}', { params: { name: trunk.name } })
        onRemoved()
        await client.invalidateQueries({ queryKey: ['/trunks'] })
        toast(t('form.removed'))
      }}
    />
  )
}
