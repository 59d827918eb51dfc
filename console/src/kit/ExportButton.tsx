import { useQueryClient } from '@tanstack/react-query'
import { Button, Radio } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Query } from '@/api/client'
import { useZone } from '@/app/preferences'
import { useRight } from '@/app/SessionContext'
import { toast } from '@/app/toast'
import { CancelButton, Dialog } from './Dialog'
import { ErrorBox } from './ErrorBox'
import { useAction } from './useAction'

interface Props {
  kind:
    | 'records'
    | 'messages'
    | 'bindings'
    | 'ended_bindings'
    | 'numbers'
    | 'pushes'
    | 'statistics'
    | 'ledger'
    | 'statement'
  /** The filters of the list: the file holds what it shows, on all its pages. */
  filter: Query
  /** Of statistics: which. */
  counts?: Record<string, string>
}

const FORMATS = ['xlsx', 'csv-spreadsheet', 'csv-program'] as const

/** Ask for a file of everything that a list shows; it is made in the background. */
export function ExportButton({ kind, filter, counts }: Props) {
  const { t } = useTranslation('kit')
  const zone = useZone()
  const client = useQueryClient()
  const mayExport = useRight('export.create')
  const [isOpen, setOpen] = useState(false)
  const [format, setFormat] = useState<(typeof FORMATS)[number]>('xlsx')
  const { isBusy, error, act } = useAction()
  if (!mayExport) return null
  const run = async () => {
    const [file, style] = format.split('-')
    const wanted = Object.fromEntries(Object.entries(filter).filter(([, value]) => value))
    await act(async ({ send }) => {
      await send('POST', '/exports', {
        body: {
          kind,
          filter: wanted,
          format: file,
          zone,
          ...(style && { csv_style: style }),
          ...(counts && { counts }),
        },
      })
      await client.invalidateQueries({ queryKey: ['/jobs'] })
      toast(t('export.begun'))
      setOpen(false)
    })
  }
  return (
    <>
      <Button data-testid="list.export" onClick={() => setOpen(true)}>
        {t('export.open')}
      </Button>
      {isOpen && (
        <Dialog title={t('export.title')} onClose={() => setOpen(false)} testId="kit.export">
          <p>{t('export.what')}</p>
          <Radio.Group
            aria-label={t('export.format')}
            value={format}
            onChange={(event) => setFormat(event.target.value as typeof format)}
            options={FORMATS.map((value) => ({ value, label: t(`export.${value}`) }))}
          />
          <p className="mk-quiet">{t('export.masked', { zone })}</p>
          {error !== null && <ErrorBox error={error} />}
          <div className="mk-actions">
            <CancelButton />
            <Button type="primary" loading={isBusy} onClick={() => void run()}>
              {t('export.run')}
            </Button>
          </div>
        </Dialog>
      )}
    </>
  )
}
