import { useQueryClient } from '@tanstack/react-query'
import { type SyntheticEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { toast } from '@/app/toast'
import { ErrorBox } from '@/kit/ErrorBox'
import { useAction } from '@/kit/useAction'
import type { VirtualNumber } from './number'

const MAX_NOTE = 200
const MAX_TAGS = 10

/** What its owner keeps beside a number; calls do not read it. */
export function NoteForm({ number }: { number: VirtualNumber }) {
  const { t } = useTranslation(['numbers', 'kit'])
  const client = useQueryClient()
  const [isOpen, setOpen] = useState(false)
  const [opened, setOpened] = useState(number)
  const { isBusy, error, act, form } = useAction()
  const save = async (event: SyntheticEvent<HTMLFormElement>) => {
    event.preventDefault()
    const given = new FormData(event.currentTarget)
    const tags = String(given.get('tags') ?? '')
      .split(/[,，\s]+/)
      .filter(Boolean)
    await act(async ({ edit }) => {
      await edit('/numbers/{number}', {
        params: { number: number.number },
        before: opened,
        body: { note: String(given.get('note') ?? '').trim(), tags: [...new Set(tags)] },
      })
      await client.invalidateQueries({ queryKey: ['/numbers'] })
      toast(t('note.saved'))
      setOpen(false)
    })
  }
  if (!isOpen) {
    return (
      <button
        type="button"
        className="mk-button"
        data-testid="number.note"
        onClick={() => {
          setOpened(number)
          setOpen(true)
        }}
      >
        {t('note.edit')}
      </button>
    )
  }
  return (
    <form ref={form} className="mk-form" onSubmit={(event) => void save(event)}>
      <label>
        {t('column.note')}
        <input name="note" maxLength={MAX_NOTE} defaultValue={opened.note} />
      </label>
      <label>
        {t('note.tags', { count: MAX_TAGS })}
        <input name="tags" maxLength={400} defaultValue={opened.tags.join(', ')} />
      </label>
      {error !== null && <ErrorBox error={error} />}
      <div className="mk-actions">
        <button type="button" className="mk-button" onClick={() => setOpen(false)}>
          {t('kit:cancel')}
        </button>
        <button type="submit" className="mk-button is-primary" disabled={isBusy}>
          {t('note.save')}
        </button>
      </div>
    </form>
  )
}
