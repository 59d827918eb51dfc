import { usePathParam } from '@/kit/useUrl'
import { TenantMoney } from './TenantMoney'

/** The money of one tenant, for who runs the platform. */
export default function TenantMoneyPage() {
  return <TenantMoney tenantId={usePathParam('tenant')} />
}
