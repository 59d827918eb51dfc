import { useSession } from '@/app/SessionContext'
import { TenantMoney } from './TenantMoney'

/** What does it cost, and how long does the money last? Of the tenant of whoever is signed in. */
export default function MoneyPage() {
  const { user } = useSession()
  return user.tenant_id === null ? null : <TenantMoney tenantId={user.tenant_id} />
}
