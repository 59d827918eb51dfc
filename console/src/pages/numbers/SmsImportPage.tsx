import { ImportWizard } from './ImportWizard'

/** Switch short messages of many numbers from a spreadsheet. */
export default function SmsImportPage() {
  return <ImportWizard kind="sms_capability_import" />
}
