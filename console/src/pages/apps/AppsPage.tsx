import './apps.css'
import { Link, useNavigate } from '@tanstack/react-router'
import { Button } from 'antd'
import { useMemo, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useRight } from '@/app/SessionContext'
import type { Column } from '@/kit/columns'
import { DataTable } from '@/kit/DataTable'
import { EmptyState } from '@/kit/EmptyState'
import { PageHead } from '@/kit/PageHead'
import { StateTag } from '@/kit/StateTag'
import { IdText, NONE, TimeText } from '@/kit/Texts'
import { useList } from '@/kit/useList'
import type { Application } from './application'
import { CreateDialog } from './CreateDialog'
import { LabelsText } from './Labels'

/** Which applications are there, and which are not set up right? */
export default function AppsPage() {
  const { t } = useTranslation('apps')
  const navigate = useNavigate()
  const mayWrite = useRight('application.write')
  const [isCreating, setCreating] = useState(false)
  const list = useList<Application>('/applications')
  const columns = useAppColumns()
  const create = mayWrite && (
    <Button type="primary" data-testid="apps.create" onClick={() => setCreating(true)}>
      {t('create.open')}
    </Button>
  )
  const lacking = (list.rows ?? []).filter(isLacking).length
  return (
    <>
      <PageHead
        title={t('title')}
        tone={lacking ? 'warn' : 'plain'}
        verdict={list.rows && <Verdict rows={list.rows} lacking={lacking} />}
        actions={create}
      />
      <DataTable
        id="apps"
        caption={t('caption')}
        columns={columns}
        list={list}
        rowId={({ app_key: key }) => key}
        onOpen={({ app_key: key }) => void navigate({ to: '/apps/$key', params: { key } } as never)}
        empty={<EmptyState title={t('empty.title')}>{t('empty.text')}</EmptyState>}
      />
      {isCreating && <CreateDialog onClose={() => setCreating(false)} />}
    </>
  )
}

function Verdict({ rows, lacking }: { rows: readonly Application[]; lacking: number }) {
  const { t } = useTranslation('apps')
  if (rows.length === 0) return t('verdict.none')
  const paused = rows.filter(({ state }) => state === 'suspended').length
  const noted = rows.filter(({ notes }) => notes.length > 0).length
  let tail = t('verdict.complete')
  if (lacking) tail = t('verdict.lacking', { n: lacking })
  else if (noted) tail = t('verdict.advised', { n: noted })
  return `${t('verdict.all', { n: rows.length, paused })} ${tail}`
}

/** What must be set, and apart from it what is only advised. */
function NoteCounts({ app: { notes } }: { app: Application }) {
  const { t } = useTranslation('apps')
  const mandatory = notes.filter(({ is_mandatory: isMandatory }) => isMandatory).length
  const advised = notes.length - mandatory
  if (notes.length === 0) return NONE
  return (
    <>
      {mandatory > 0 && (
        <StateTag tone="warn">{t('noteCount.mandatory', { n: mandatory })}</StateTag>
      )}
      {advised > 0 && <StateTag>{t('noteCount.advised', { n: advised })}</StateTag>}
    </>
  )
}

function isLacking({ notes }: Application): boolean {
  return notes.some(({ is_mandatory: isMandatory }) => isMandatory)
}

function useAppColumns(): Column<Application>[] {
  const { t } = useTranslation('apps')
  return useMemo(
    () => [
      {
        key: 'name',
        title: t('column.name'),
        isFixed: true,
        render: ({ app_key: key, name }) => (
          <Link to="/apps/$key" params={{ key } as never}>
            {name}
          </Link>
        ),
      },
      { key: 'mode', title: t('column.mode'), render: ({ mode }) => mode.toUpperCase() },
      { key: 'state', title: t('column.state'), render: (app) => <AppState app={app} /> },
      {
        key: 'notes',
        title: t('column.notes'),
        render: (app) => <NoteCounts app={app} />,
      },
      { key: 'labels', title: t('column.labels'), render: (app) => <LabelsText app={app} /> },
      { key: 'key', title: t('column.key'), render: ({ app_key: key }) => <IdText id={key} /> },
      {
        key: 'created',
        title: t('column.created'),
        render: ({ created_at: at }) => <TimeText at={at} />,
      },
    ],
    [t],
  )
}

/** Whether it serves; a pause was meant and needs nobody. */
export function AppState({ app }: { app: Application }) {
  const { t } = useTranslation('apps')
  return (
    <>
      <StateTag tone={app.state === 'normal' ? 'ok' : 'warn'}>{t(`state.${app.state}`)}</StateTag>
      {app.is_sandbox && <StateTag>{t('sandbox')}</StateTag>}
    </>
  )
}
