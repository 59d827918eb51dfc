import './player.css'
import { useQuery } from '@tanstack/react-query'
import { Button, Select } from 'antd'
import { useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { ask, type Schema } from '@/api/client'
import { useRight } from '@/app/SessionContext'
import { ErrorBox } from './ErrorBox'
import { formatDuration } from './format'

const SPEEDS = [0.75, 1, 1.25, 1.5, 2]
const SKIP_S = 5
const POINTS = 400

interface Peaks {
  /** Of each channel the loudness of equal stretches, 0 to 1. */
  channels: number[][]
  duration_s: number
}

/** Listen to a recording: waveform, seeking by pointer and keys, speed, download where it is allowed. */
export function Player({ name }: { name: string }) {
  const { t } = useTranslation('kit')
  const audio = useRef<HTMLAudioElement>(null)
  const [isPlaying, setPlaying] = useState(false)
  const [at, setAt] = useState(0)
  const [refused, setRefused] = useState<unknown>(null)
  const mayDownload = useRight('recording.download')
  const params = { object_name: name }
  const { data: peaks, error } = useQuery({
    queryKey: ['/recordings', name, 'peaks'],
    queryFn: () =>
      ask<Peaks>('GET', '/recordings/{object_name}/peaks', { params, query: { points: POINTS } }),
    staleTime: Number.POSITIVE_INFINITY,
  })
  if (error) return <ErrorBox error={error} />
  const length = peaks?.duration_s ?? 0
  const seek = (to: number) => {
    if (audio.current) audio.current.currentTime = Math.min(Math.max(0, to), length)
  }
  // A link is good for a while and stands in the audit log: one is made when somebody listens.
  const link = async (use: 'listen' | 'download') =>
    (
      await ask<Schema<'RecordingLinkView'>>('POST', '/recordings/{object_name}/link', {
        params,
        query: { use },
      })
    ).path
  const toggle = async () => {
    const sound = audio.current
    if (!sound) return
    if (isPlaying) {
      sound.pause()
      return
    }
    try {
      if (!sound.src) sound.src = await link('listen')
      await sound.play()
    } catch (error) {
      setRefused(error)
    }
  }
  const download = async () => {
    try {
      window.location.assign(await link('download'))
    } catch (error) {
      setRefused(error)
    }
  }
  return (
    <div className="mk-player" data-testid="player">
      {/* biome-ignore lint/a11y/useMediaCaption: a recorded call has no captions */}
      <audio
        ref={audio}
        preload="none"
        data-testid="player.audio"
        onPlay={() => setPlaying(true)}
        onPause={() => setPlaying(false)}
        onTimeUpdate={(event) => setAt(event.currentTarget.currentTime)}
      />
      <div className="mk-player-bar">
        <Button onClick={() => void toggle()} data-testid="player.play">
          {isPlaying ? t('player.pause') : t('player.play')}
        </Button>
        <span className="mk-number">
          {formatDuration(at * 1000)} / {formatDuration(length * 1000)}
        </span>
        <Select
          aria-label={t('player.speed')}
          defaultValue={1}
          onChange={(speed) => {
            if (audio.current) audio.current.playbackRate = speed
          }}
          options={SPEEDS.map((value) => ({ value, label: `${value} ×` }))}
        />
        {mayDownload && <Button onClick={() => void download()}>{t('player.download')}</Button>}
      </div>
      {refused !== null && <ErrorBox error={refused} />}
      <Wave
        channels={peaks?.channels ?? []}
        share={length ? at / length : 0}
        onSeek={(share) => seek(share * length)}
      />
      <input
        type="range"
        className="mk-player-seek"
        aria-label={t('player.seek')}
        min={0}
        max={length || 1}
        step={SKIP_S}
        value={at}
        onChange={(event) => seek(Number(event.target.value))}
      />
    </div>
  )
}

interface WaveProps {
  channels: readonly number[][]
  share: number
  onSeek: (share: number) => void
}

/** The loudness over time, each side of the call in a row of its own; decoration, the slider seeks too. */
function Wave({ channels, share, onSeek }: WaveProps) {
  const canvas = useRef<HTMLCanvasElement>(null)
  useEffect(() => {
    const target = canvas.current
    const context = target?.getContext('2d')
    if (!target || !context) return
    const colour = getComputedStyle(target)
    const { width, height } = target
    context.clearRect(0, 0, width, height)
    const row = height / Math.max(1, channels.length)
    channels.forEach((points, side) => {
      const middle = row * (side + 0.5)
      points.forEach((point, place) => {
        const x = (place / points.length) * width
        const tall = Math.max(1, point * row * 0.9)
        const isPast = place / points.length <= share
        context.fillStyle = colour.getPropertyValue(isPast ? '--mk-primary' : '--mk-quiet')
        context.fillRect(x, middle - tall / 2, Math.max(1, width / points.length - 1), tall)
      })
    })
  }, [channels, share])
  return (
    <canvas
      ref={canvas}
      width={1200}
      height={120}
      className="mk-player-wave"
      data-testid="player.wave"
      onPointerDown={(event) => {
        const box = event.currentTarget.getBoundingClientRect()
        onSeek((event.clientX - box.left) / box.width)
      }}
    />
  )
}
