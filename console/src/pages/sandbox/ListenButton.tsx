import { Button } from 'antd'
import { useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { ErrorBox } from '@/kit/ErrorBox'
import type { Levels, LiveSound } from './liveSound'

const LOOK_MS = 200
const SILENCE: Levels = { left: 0, right: 0 }

/** Hear what A and B hear, each on its side, with a meter for each. */
export function ListenButton({ runId }: { runId: string }) {
  const { t } = useTranslation('sandbox')
  const sound = useRef<LiveSound | null>(null)
  const [isOn, setOn] = useState(false)
  const [levels, setLevels] = useState(SILENCE)
  const [error, setError] = useState<unknown>(null)
  const stop = () => {
    sound.current?.close()
    sound.current = null
    setOn(false)
    setLevels(SILENCE)
  }
  // biome-ignore lint/correctness/useExhaustiveDependencies: another run has a stream of its own
  useEffect(() => () => sound.current?.close(), [runId])
  useEffect(() => {
    if (!isOn) return
    const timer = window.setInterval(() => setLevels(sound.current?.levels() ?? SILENCE), LOOK_MS)
    return () => window.clearInterval(timer)
  }, [isOn])
  const start = async () => {
    setError(null)
    setOn(true)
    try {
      const { listen } = await import('./liveSound')
      sound.current = await listen(runId, stop)
    } catch (refused) {
      stop()
      setError(refused)
    }
  }
  return (
    <div className="sandbox-listen">
      <Button
        onClick={() => (isOn ? stop() : void start())}
        aria-pressed={isOn}
        data-testid="sandbox.listen"
      >
        {t('listen.button')}
      </Button>
      {isOn && (
        <>
          <Meter side="a" label={t('listen.left')} level={levels.left} />
          <Meter side="b" label={t('listen.right')} level={levels.right} />
        </>
      )}
      {error !== null && <ErrorBox error={error} />}
    </div>
  )
}

/** Loudness in decibels: a voice at its usual level fills two thirds. */
function Meter({ side, label, level }: { side: string; label: string; level: number }) {
  const share = level > 0 ? Math.max(0, Math.min(1, 1 + Math.log10(level) / 2.5)) : 0
  return (
    <span className="sandbox-meter">
      {label}
      <meter
        min={0}
        max={1}
        value={share}
        aria-label={label}
        data-testid={`sandbox.meter.${side}`}
        data-level={level.toFixed(4)}
      />
    </span>
  )
}
