import { useQueryClient } from '@tanstack/react-query'
import { Button } from 'antd'
import { type SyntheticEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { CancelButton, Dialog } from '@/kit/Dialog'
import { ErrorBox } from '@/kit/ErrorBox'
import { formatBytes, formatDuration } from '@/kit/format'
import { ListenButton } from '@/kit/ListenButton'
import { useAction } from '@/kit/useAction'
import { useApplications } from '@/kit/useDirectory'
import { PROMPT, type Prompt, soundOf } from './prompt'

const MAX_NAME = 128
const MAX_DESCRIPTION = 256
const FORMATS = '.wav,.mp3,.flac,.ogg,.opus,audio/*'

/** Sends a file and tells what became of it: calls play A-law at 8 kHz, whatever was sent. */
export function UploadDialog({ prompt, onClose }: { prompt?: Prompt; onClose: () => void }) {
  const { t } = useTranslation(['prompts', 'kit'])
  const client = useQueryClient()
  const apps = useApplications().items
  const [file, setFile] = useState<File | null>(null)
  const [name, setName] = useState(prompt?.name ?? '')
  const { isBusy, error, act, form } = useAction()
  const [made, setMade] = useState<Prompt | null>(null)
  const choose = (chosen: File | null) => {
    setFile(chosen)
    if (chosen && !name) setName(nameFrom(chosen.name))
  }
  const upload = async (event: SyntheticEvent<HTMLFormElement>) => {
    event.preventDefault()
    if (!file) return
    const given = new FormData(event.currentTarget)
    await act(async ({ send }) => {
      const answer = await send<Prompt>('PUT', PROMPT, {
        params: { app_key: prompt?.app_key ?? String(given.get('app_key')), name: name.trim() },
        query: { description: String(given.get('description')).trim() },
        file,
        headers: { 'content-type': 'application/octet-stream' },
      })
      setMade(answer)
      await client.invalidateQueries({ queryKey: ['/prompts'] })
    })
  }
  const title = t(prompt ? 'upload.replaceTitle' : 'upload.title')
  if (made && file) {
    return (
      <Dialog title={title} onClose={onClose} testId="prompts.uploaded">
        <Conversion prompt={made} sent={file} />
        <div className="mk-actions">
          <Button type="primary" onClick={onClose}>
            {t('kit:close')}
          </Button>
        </div>
      </Dialog>
    )
  }
  return (
    <Dialog title={title} onClose={onClose} testId="prompts.uploadDialog">
      <form ref={form} className="mk-form" onSubmit={(event) => void upload(event)}>
        {!prompt && (
          <label>
            {t('column.app')}
            <select name="app_key" required data-testid="prompts.upload.app">
              {apps.map((app) => (
                <option key={app.app_key} value={app.app_key}>
                  {app.name}
                </option>
              ))}
            </select>
          </label>
        )}
        <label>
          {t('upload.file')}
          <input
            type="file"
            accept={FORMATS}
            required
            data-testid="prompts.upload.file"
            onChange={(event) => choose(event.target.files?.[0] ?? null)}
          />
          <small className="mk-quiet">{t('upload.formats')}</small>
        </label>
        <label>
          {t('column.name')}
          <input
            value={name}
            maxLength={MAX_NAME}
            pattern="[0-9A-Za-z_.@\-]+"
            required
            disabled={prompt !== undefined}
            data-testid="prompts.upload.name"
            onChange={(event) => setName(event.target.value)}
          />
          <small className="mk-quiet">{t('upload.name')}</small>
        </label>
        <label>
          {t('column.description')}
          <input
            name="description"
            maxLength={MAX_DESCRIPTION}
            defaultValue={prompt?.description}
          />
        </label>
        {prompt?.approved && <p>{t('upload.oldStays')}</p>}
        {error !== null && <ErrorBox error={error} />}
        <div className="mk-actions">
          <CancelButton />
          <Button type="primary" htmlType="submit" loading={isBusy} data-testid="prompts.upload.go">
            {t('upload.go')}
          </Button>
        </div>
      </form>
    </Dialog>
  )
}

function Conversion({ prompt, sent }: { prompt: Prompt; sent: File }) {
  const { t } = useTranslation('prompts')
  const sound = prompt.submitted ?? prompt.approved
  return (
    <div role="status">
      <p>
        {t('upload.converted', {
          from: formatBytes(sent.size),
          to: formatBytes(sound?.size ?? 0),
          length: formatDuration(sound?.duration_ms ?? 0),
        })}
      </p>
      <p>
        <ListenButton source={soundOf(prompt, 'latest')} name={prompt.name} />
      </p>
      <p>{t(prompt.state === 'waiting' ? 'upload.waits' : 'upload.usable')}</p>
    </div>
  )
}

/** `wait please.MP3` as `wait-please.wav`: what it becomes is WAV. */
function nameFrom(file: string): string {
  const stem = file.replace(/\.[^.]*$/, '').replace(/[^0-9A-Za-z_.@-]+/g, '-')
  return `${stem.replace(/^-+|-+$/g, '') || 'prompt'}.wav`
}
