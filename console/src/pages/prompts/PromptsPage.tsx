import './prompts.css'
import { useQuery } from '@tanstack/react-query'
import { Button } from 'antd'
import { useMemo, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { ask } from '@/api/client'
import { useRight } from '@/app/SessionContext'
import { AppName } from '@/kit/AppName'
import type { Column } from '@/kit/columns'
import { DataTable } from '@/kit/DataTable'
import { EmptyState } from '@/kit/EmptyState'
import { FilterBar } from '@/kit/FilterBar'
import { formatCount } from '@/kit/format'
import { ListenButton } from '@/kit/ListenButton'
import { PageHead } from '@/kit/PageHead'
import { StateTag } from '@/kit/StateTag'
import { DurationText, NONE, TimeText } from '@/kit/Texts'
import { useApplications } from '@/kit/useDirectory'
import { type Filter, useFilters } from '@/kit/useFilters'
import { useList } from '@/kit/useList'
import { useUrl } from '@/kit/useUrl'
import { PromptDrawer } from './PromptDrawer'
import { idOf, PROMPT, type Prompt, paramsOf, STATES, soundOf, TONES } from './prompt'
import { UploadDialog } from './UploadDialog'

const EVERY_MS = 10_000

/** Which prompts may I use, and what is wrong with the others? */
export default function PromptsPage() {
  const { t } = useTranslation('prompts')
  const mayWrite = useRight('prompt.write')
  const apps = useApplications()
  const choices = useMemo<Filter[]>(
    () => [
      {
        name: 'app_key',
        label: t('column.app'),
        kind: 'choice',
        options: apps.items.map(({ app_key: value, name }) => ({ value, label: name })),
      },
      {
        name: 'state',
        label: t('column.state'),
        kind: 'choice',
        options: STATES.map((value) => ({ value, label: t(`state.${value}`) })),
      },
    ],
    [t, apps.items],
  )
  const filters = useFilters(choices)
  const list = useList<Prompt>('/prompts', filters.query, { everyMs: EVERY_MS })
  const columns = usePromptColumns()
  const [url, change] = useUrl()
  const [isUploading, setUploading] = useState(false)
  const rows = list.rows ?? []
  const at = rows.findIndex((row) => idOf(row) === url.open)
  const open = rows[at]
  const go = (row?: Prompt) => row && change({ open: idOf(row) }, { replace: true })
  const rejected = rows.filter(({ state }) => state === 'rejected').length
  const upload = mayWrite && (
    <Button type="primary" data-testid="prompts.upload" onClick={() => setUploading(true)}>
      {t('upload.open')}
    </Button>
  )
  return (
    <>
      <PageHead
        title={t('title')}
        tone={rejected ? 'warn' : 'plain'}
        verdict={
          list.rows &&
          t(rows.length ? 'verdict.all' : 'verdict.none', {
            usable: rows.filter(({ approved }) => approved).length,
            waiting: rows.filter(({ state }) => state === 'waiting').length,
            rejected,
          })
        }
        actions={upload}
      />
      <FilterBar area="prompts" filters={choices} state={filters} />
      <DataTable
        id="prompts"
        caption={t('caption')}
        columns={columns}
        list={list}
        rowId={idOf}
        openId={url.open}
        onOpen={(row) => change({ open: idOf(row) })}
        empty={
          <EmptyState title={t(filters.active.length ? 'empty.filtered' : 'empty.title')}>
            {filters.active.length === 0 && t('empty.text')}
          </EmptyState>
        }
      />
      {open && (
        <PromptDrawer
          key={idOf(open)}
          prompt={open}
          onClose={() => change({ open: null })}
          onNext={() => go(rows[at + 1])}
          onPrevious={() => go(rows[at - 1])}
        />
      )}
      {isUploading && <UploadDialog onClose={() => setUploading(false)} />}
    </>
  )
}

function usePromptColumns(): Column<Prompt>[] {
  const { t } = useTranslation('prompts')
  return useMemo(
    () => [
      { key: 'name', title: t('column.name'), render: ({ name }) => name, isFixed: true },
      {
        key: 'app',
        title: t('column.app'),
        render: ({ app_key: key }) => <AppName appKey={key} />,
      },
      {
        key: 'length',
        title: t('column.length'),
        render: (row) => <DurationText ms={(row.submitted ?? row.approved)?.duration_ms} />,
      },
      { key: 'state', title: t('column.state'), render: (row) => <PromptState prompt={row} /> },
      { key: 'reason', title: t('column.reason'), render: ({ rejection }) => rejection || NONE },
      { key: 'uses', title: t('column.uses'), render: (row) => <UseCount prompt={row} /> },
      {
        key: 'description',
        title: t('column.description'),
        render: ({ description }) => description || NONE,
        isExtra: true,
      },
      {
        key: 'modified',
        title: t('column.uploaded'),
        render: ({ modified_at: at }) => <TimeText at={at} />,
      },
      {
        key: 'listen',
        title: t('column.listen'),
        render: (row) => (
          // biome-ignore lint/a11y/noStaticElementInteractions lint/a11y/useKeyWithClickEvents: only keeps the row from opening
          <span onClick={(event) => event.stopPropagation()}>
            <ListenButton source={soundOf(row, 'latest')} name={row.name} />
          </span>
        ),
      },
    ],
    [t],
  )
}

export function PromptState({ prompt }: { prompt: Prompt }) {
  const { t } = useTranslation('prompts')
  const isOldHeard = prompt.state !== 'approved' && prompt.approved
  return (
    <>
      <StateTag tone={TONES[prompt.state]}>{t(`state.${prompt.state}`)}</StateTag>
      {isOldHeard && <span className="mk-quiet"> {t('oldHeard')}</span>}
    </>
  )
}

/** For how much a prompt is played. */
export function useUses(prompt: Prompt) {
  return useQuery({
    queryKey: ['/prompts', 'uses', prompt.app_key, prompt.name],
    queryFn: () =>
      ask<{ slots: string[]; bindings: number; is_bounded: boolean }>('GET', `${PROMPT}/uses`, {
        params: paramsOf(prompt),
      }),
    staleTime: 60_000,
  })
}

function UseCount({ prompt }: { prompt: Prompt }) {
  const { data } = useUses(prompt)
  if (!data) return NONE
  return `${formatCount(data.slots.length + data.bindings)}${data.is_bounded ? '+' : ''}`
}
