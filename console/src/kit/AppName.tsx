import { Link } from '@tanstack/react-router'
import { IdText } from './Texts'
import { useApplications } from './useDirectory'

/** An application by its name, with its mode; by its key where the name may not be seen. */
export function AppName({ appKey }: { appKey: string }) {
  const application = useApplications().byKey.get(appKey)
  if (!application) return <IdText id={appKey} />
  return (
    <Link to="/apps/$key" params={{ key: appKey } as never}>
      {application.name} ({application.mode.toUpperCase()})
    </Link>
  )
}
