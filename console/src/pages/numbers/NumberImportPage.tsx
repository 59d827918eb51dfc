import { ImportWizard } from './ImportWizard'

/** Bring in virtual numbers by the thousand. */
export default function NumberImportPage() {
  return <ImportWizard kind="number_import" />
}
