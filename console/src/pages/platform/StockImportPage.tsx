import { ImportWizard } from '../numbers/ImportWizard'

/** Take numbers into stock from a spreadsheet. */
export default function StockImportPage() {
  return <ImportWizard kind="stock_import" />
}
