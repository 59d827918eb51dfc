import './prompts.css'
import { useQueryClient } from '@tanstack/react-query'
import { type SyntheticEvent, useMemo, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { toast } from '@/app/toast'
import type { Column } from '@/kit/columns'
import { DataTable } from '@/kit/DataTable'
import { DetailDrawer } from '@/kit/DetailDrawer'
import { EmptyState } from '@/kit/EmptyState'
import { ErrorBox } from '@/kit/ErrorBox'
import { Fields } from '@/kit/Fields'
import { formatBytes } from '@/kit/format'
import { ListenButton } from '@/kit/ListenButton'
import { PageHead } from '@/kit/PageHead'
import { ReviewTabs } from '@/kit/ReviewTabs'
import { StateTag } from '@/kit/StateTag'
import { DurationText, NONE, TimeText } from '@/kit/Texts'
import { useAction } from '@/kit/useAction'
import { useList } from '@/kit/useList'
import { useUrl } from '@/kit/useUrl'
import { idOf, PROMPT, paramsOf, type Review, soundOf } from './prompt'

const EVERY_MS = 10_000
const REASONS = ['loud', 'quiet', 'unclear', 'advertising', 'content', 'rights'] as const

/** What waits for me? After each decision the next one opens. */
export default function ReviewsPage() {
  const { t } = useTranslation('prompts')
  const [url, change] = useUrl()
  const list = useList<Review>('/reviews', {}, { everyMs: EVERY_MS })
  const columns = useReviewColumns()
  const rows = list.rows ?? []
  const at = rows.findIndex((row) => idOf(row) === url.open)
  const open = rows[at]
  const go = (row?: Review) => change({ open: row ? idOf(row) : null }, { replace: true })
  const oldest = rows.map((row) => row.waiting_since).sort()[0]
  const urged = rows.filter((row) => row.urged_at).length
  return (
    <>
      <PageHead
        title={t('review.title')}
        tone={urged ? 'warn' : 'plain'}
        verdict={
          list.rows &&
          (rows.length ? (
            <>
              {t('review.waiting', { n: `${rows.length}${list.hasNext ? '+' : ''}`, urged })}{' '}
              {t('review.oldest')} <TimeText at={oldest} />
            </>
          ) : (
            t('review.none')
          ))
        }
      />
      <ReviewTabs />
      <DataTable
        id="reviews"
        caption={t('review.caption')}
        columns={columns}
        list={list}
        rowId={idOf}
        openId={url.open}
        onOpen={go}
        empty={<EmptyState title={t('review.none')} />}
      />
      {open && (
        <DetailDrawer
          title={open.name}
          testId="reviews.drawer"
          onClose={() => go()}
          onNext={() => rows[at + 1] && go(rows[at + 1])}
          onPrevious={() => rows[at - 1] && go(rows[at - 1])}
        >
          <OneReview
            key={`${idOf(open)} ${open.sound.digest}`}
            review={open}
            onDecided={() => go(rows[at + 1] ?? rows[at - 1])}
          />
        </DetailDrawer>
      )}
    </>
  )
}

interface Props {
  review: Review
  onDecided: () => void
}

function OneReview({ review, onDecided }: Props) {
  const { t } = useTranslation('prompts')
  const client = useQueryClient()
  const [reason, setReason] = useState<string>('')
  const { isBusy, error, act, form } = useAction()
  const decide = async (verb: 'approve' | 'reject', why?: string) => {
    await act(async ({ send }) => {
      // The digest: what was listened to is decided on, not what came meanwhile.
      const body = { digest: review.sound.digest, ...(why === undefined ? {} : { reason: why }) }
      await send('POST', `${PROMPT}/${verb}`, { params: paramsOf(review), body })
      toast(t(`review.done.${verb}`, { name: review.name }))
      onDecided()
      await client.invalidateQueries({ queryKey: ['/reviews'] })
      await client.invalidateQueries({ queryKey: ['/prompts'] })
    })
  }
  const reject = (event: SyntheticEvent<HTMLFormElement>) => {
    event.preventDefault()
    const text = String(new FormData(event.currentTarget).get('text')).trim()
    const chosen = reason ? t(`review.reason.${reason}`) : ''
    void decide('reject', [chosen, text].filter(Boolean).join(' · '))
  }
  return (
    <>
      <div className="prompts-sound">
        <ListenButton source={soundOf(review, 'latest')} name={review.name} size="middle" />
        <DurationText ms={review.sound.duration_ms} />
        <span className="mk-number">{formatBytes(review.sound.size)}</span>
        {review.replaces && (
          <ListenButton source={soundOf(review, 'approved')} name={t('version.approved')} />
        )}
      </div>
      <Fields
        fields={[
          { label: t('review.tenant'), value: review.tenant_name || review.tenant_id },
          { label: t('column.app'), value: review.app_name || review.app_key },
          { label: t('column.description'), value: review.description || NONE },
          { label: t('review.since'), value: <TimeText at={review.waiting_since} /> },
          { label: t('urge.last'), value: <TimeText at={review.urged_at} /> },
          { label: t('review.kind'), value: t(review.replaces ? 'review.second' : 'review.first') },
        ]}
      />
      {error !== null && <ErrorBox error={error} />}
      <button
        type="button"
        className="mk-button is-primary"
        disabled={isBusy}
        data-testid="reviews.approve"
        onClick={() => void decide('approve')}
      >
        {t('review.approve')}
      </button>
      <form ref={form} className="mk-form prompts-reject" onSubmit={reject}>
        <label>
          {t('review.why')}
          <select
            value={reason}
            data-testid="reviews.reason"
            onChange={(event) => setReason(event.target.value)}
          >
            <option value="">{t('review.reason.other')}</option>
            {REASONS.map((one) => (
              <option key={one} value={one}>
                {t(`review.reason.${one}`)}
              </option>
            ))}
          </select>
        </label>
        <label>
          {t('review.text')}
          <input name="text" maxLength={200} required={reason === ''} />
        </label>
        <button type="submit" className="mk-button" disabled={isBusy} data-testid="reviews.reject">
          {t('review.reject')}
        </button>
      </form>
    </>
  )
}

function useReviewColumns(): Column<Review>[] {
  const { t } = useTranslation('prompts')
  return useMemo(
    () => [
      {
        key: 'since',
        title: t('review.since'),
        isFixed: true,
        render: (row) => <TimeText at={row.waiting_since} />,
      },
      { key: 'name', title: t('column.name'), isFixed: true, render: ({ name }) => name },
      {
        key: 'tenant',
        title: t('review.tenant'),
        render: (row) => row.tenant_name || row.tenant_id,
      },
      { key: 'app', title: t('column.app'), render: (row) => row.app_name || row.app_key },
      {
        key: 'length',
        title: t('column.length'),
        render: ({ sound }) => <DurationText ms={sound.duration_ms} />,
      },
      {
        key: 'kind',
        title: t('review.kind'),
        render: ({ replaces }) => t(replaces ? 'review.second' : 'review.first'),
      },
      {
        key: 'urged',
        title: t('urge.last'),
        render: ({ urged_at: at }) =>
          at ? (
            <StateTag tone="warn">
              <TimeText at={at} />
            </StateTag>
          ) : (
            NONE
          ),
      },
    ],
    [t],
  )
}
