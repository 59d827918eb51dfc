import { useTranslation } from 'react-i18next'
import { NumberText } from '@/kit/Texts'
import type { CallBlock, FrequencyRule } from './guard'

/** For whose calls a rule is: all, those of a tenant, of an application, to a number. */
export function GuardPlace({ rule }: { rule: CallBlock | FrequencyRule }) {
  const { t } = useTranslation('platform')
  return (
    <span>
      {t(`guard.scope.${rule.scope}`)}
      {rule.x ? (
        <>
          {' '}
          <NumberText number={rule.x} />
        </>
      ) : (
        rule.scope !== 'platform' && (
          <>
            {' '}
            <code>{rule.app_key ?? rule.tenant_id}</code>
          </>
        )
      )}
    </span>
  )
}

/** Who made a rule, and for whom. */
export function useMaker() {
  const { t } = useTranslation('platform')
  return ({ by_tenant, created_by }: CallBlock | FrequencyRule) =>
    t(by_tenant ? 'guard.byTenant' : 'guard.byPlatform', { name: created_by })
}
