import { useQueryClient } from '@tanstack/react-query'
import { Button } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { ask } from '@/api/client'
import { useRight } from '@/app/SessionContext'
import { toast } from '@/app/toast'
import { AppName } from '@/kit/AppName'
import { ConfirmButton } from '@/kit/ConfirmButton'
import { DetailDrawer } from '@/kit/DetailDrawer'
import { ErrorBox } from '@/kit/ErrorBox'
import { Fields } from '@/kit/Fields'
import { formatBytes, formatCount } from '@/kit/format'
import { ListenButton } from '@/kit/ListenButton'
import { DurationText, NONE, TimeText } from '@/kit/Texts'
import { PromptState, useUses } from './PromptsPage'
import { PROMPT, type Prompt, paramsOf, soundOf } from './prompt'
import { UploadDialog } from './UploadDialog'

interface Props {
  prompt: Prompt
  onClose: () => void
  onNext: () => void
  onPrevious: () => void
}

/** One prompt: both of its sounds, who uses it, and what its owner can do. */
export function PromptDrawer({ prompt, onClose, onNext, onPrevious }: Props) {
  const { t } = useTranslation('prompts')
  const mayWrite = useRight('prompt.write')
  const { approved, submitted } = prompt
  return (
    <DetailDrawer
      title={prompt.name}
      onClose={onClose}
      onNext={onNext}
      onPrevious={onPrevious}
      testId="prompts.drawer"
    >
      <p>
        <PromptState prompt={prompt} /> {t(`stateText.${prompt.state}`)}
      </p>
      {prompt.rejection && <p className="mk-verdict is-warn">{prompt.rejection}</p>}
      {submitted && <Sound prompt={prompt} version="latest" sound={submitted} />}
      {approved && <Sound prompt={prompt} version="approved" sound={approved} />}
      <Fields
        fields={[
          { label: t('column.app'), value: <AppName appKey={prompt.app_key} /> },
          { label: t('column.description'), value: prompt.description || NONE },
          { label: t('column.uploaded'), value: <TimeText at={prompt.modified_at} /> },
          { label: t('urge.last'), value: <TimeText at={prompt.urged_at} /> },
          { label: t('column.uses'), value: <Uses prompt={prompt} /> },
        ]}
      />
      {mayWrite && <Actions prompt={prompt} onClose={onClose} />}
    </DetailDrawer>
  )
}

interface SoundProps {
  prompt: Prompt
  version: 'latest' | 'approved'
  sound: { digest: string; size: number; duration_ms: number }
}

function Sound({ prompt, version, sound }: SoundProps) {
  const { t } = useTranslation('prompts')
  const source = soundOf(prompt, version)
  return (
    <div className="prompts-sound">
      <strong>{t(`version.${version}`)}</strong>
      <DurationText ms={sound.duration_ms} />
      <span className="mk-number">{formatBytes(sound.size)}</span>
      <ListenButton key={sound.digest} source={source} name={prompt.name} />
      <a href={source} download={prompt.name}>
        {t('download')}
      </a>
    </div>
  )
}

function Uses({ prompt }: { prompt: Prompt }) {
  const { t } = useTranslation('prompts')
  const { data, error } = useUses(prompt)
  if (error) return <ErrorBox error={error} />
  if (!data) return NONE
  if (data.slots.length + data.bindings === 0 && !data.is_bounded) return t('uses.none')
  const bindings = `${formatCount(data.bindings)}${data.is_bounded ? '+' : ''}`
  return (
    <>
      {data.slots.map((slot) => (
        <div key={slot}>
          {t('uses.slot')} <code>{slot}</code>
        </div>
      ))}
      <div>{t('uses.bindings', { n: bindings })}</div>
    </>
  )
}

function Actions({ prompt, onClose }: { prompt: Prompt; onClose: () => void }) {
  const { t } = useTranslation('prompts')
  const client = useQueryClient()
  const [isReplacing, setReplacing] = useState(false)
  const refresh = () => client.invalidateQueries({ queryKey: ['/prompts'] })
  const params = paramsOf(prompt)
  const urge = async () => {
    await ask('POST', `${PROMPT}/urge`, { params })
    await refresh()
    toast(t('urge.done'))
  }
  const remove = async () => {
    await ask('DELETE', PROMPT, { params })
    onClose()
    await refresh()
  }
  return (
    <div className="mk-actions">
      <Button data-testid="prompts.replace" onClick={() => setReplacing(true)}>
        {t('replace')}
      </Button>
      {prompt.state === 'waiting' && (
        <ConfirmButton label={t('urge.go')} level={0} testId="prompts.urge" onConfirm={urge} />
      )}
      <ConfirmButton
        label={t('remove.go', { name: prompt.name })}
        level={2}
        danger
        testId="prompts.remove"
        effect={
          <>
            <Uses prompt={prompt} />
            <p>{t('remove.effect')}</p>
          </>
        }
        onConfirm={remove}
      />
      {isReplacing && <UploadDialog prompt={prompt} onClose={() => setReplacing(false)} />}
    </div>
  )
}
