import { Button } from 'antd'
import { useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'

interface Props {
  /** The address of the sound. */
  source: string
  /** What is heard, for people who hear the page. */
  name: string
  size?: 'small' | 'middle'
}

/** Plays a short sound in place; another press stops it. */
export function ListenButton({ source, name, size = 'small' }: Props) {
  const { t } = useTranslation('kit')
  const audio = useRef<HTMLAudioElement | null>(null)
  const [state, setState] = useState<'idle' | 'playing' | 'failed'>('idle')
  const stop = () => {
    audio.current?.pause()
    audio.current = null
    setState('idle')
  }
  // biome-ignore lint/correctness/useExhaustiveDependencies: another source ends what is heard
  useEffect(() => () => audio.current?.pause(), [source])
  const play = () => {
    const sound = new Audio(source)
    audio.current = sound
    sound.onended = () => setState('idle')
    sound.onerror = () => setState('failed')
    setState('playing')
    sound.play().catch(() => setState(audio.current === sound ? 'failed' : 'idle'))
  }
  const isPlaying = state === 'playing'
  return (
    <>
      <Button
        size={size}
        data-testid="kit.listen"
        aria-label={t(isPlaying ? 'listen.stopOf' : 'listen.playOf', { name })}
        onClick={isPlaying ? stop : play}
      >
        {t(isPlaying ? 'listen.stop' : 'listen.play')}
      </Button>
      <span role="status">{state === 'failed' && ` ${t('listen.failed')}`}</span>
    </>
  )
}
