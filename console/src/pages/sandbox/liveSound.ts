import { urlOf } from '@/api/client'
import { readError } from '@/api/error'

const HEAD_BYTES = 58
const RATE = 8_000
const SIDES = 2
/** Samples that wait before they are played: pieces come unevenly. */
const CUSHION = 0.12 * RATE
/** Further ahead than this nothing is played: live means now. */
const MOST_AHEAD = 0.6 * RATE
/** Each value of A-law (G.711) as a sample from -1 to 1. */
const SAMPLES = Float32Array.from({ length: 256 }, (_, code) => sampleOf(code))

/** Loudness of what each phone hears, 0 to 1. */
export interface Levels {
  left: number
  right: number
}

export interface LiveSound {
  levels: () => Levels
  close: () => void
}

/**
 * Play what phones A (left) and B (right) of a run hear, live. Throws ApiError; `onEnd` tells that
 * the stream ended by itself. Pieces are played one after the other by the clock of the sound, not
 * by a worklet: that exists on HTTPS and localhost only.
 */
export async function listen(runId: string, onEnd: () => void): Promise<LiveSound> {
  // At the stream's own rate nothing has to be converted here; the browser does it on its way out.
  const context = new AudioContext({ sampleRate: RATE, latencyHint: 'interactive' })
  const stop = new AbortController()
  const close = () => {
    stop.abort()
    if (context.state !== 'closed') void context.close()
  }
  try {
    const url = urlOf('/sandbox/runs/{run_id}/audio', { params: { run_id: runId } })
    const answer = await fetch(url, { signal: stop.signal, credentials: 'same-origin' })
    if (!answer.ok || !answer.body) throw await readError(answer)
    await context.resume()
    const { meters, play } = outputOf(context)
    void pump(answer.body.getReader(), play)
      .catch(() => {})
      .then(() => {
        if (!stop.signal.aborted) onEnd()
        close()
      })
    return { levels: () => ({ left: levelOf(meters[0]!), right: levelOf(meters[1]!) }), close }
  } catch (error) {
    close()
    throw error
  }
}

type Play = (sides: readonly Float32Array<ArrayBuffer>[]) => void

/** Where pieces are played, and a meter for each side. */
function outputOf(context: AudioContext): { meters: AnalyserNode[]; play: Play } {
  const split = new ChannelSplitterNode(context, { numberOfOutputs: SIDES })
  const meters = Array.from({ length: SIDES }, (_, side) => {
    const meter = new AnalyserNode(context, { fftSize: 2048 })
    split.connect(meter, side)
    return meter
  })
  let next = 0
  const play: Play = (sides) => {
    const length = sides[0]?.length ?? 0
    const now = Math.ceil(context.currentTime * RATE)
    if (next < now) next = now + CUSHION
    if (next > now + MOST_AHEAD) return
    const buffer = new AudioBuffer({ length, numberOfChannels: SIDES, sampleRate: RATE })
    sides.forEach((samples, side) => {
      buffer.copyToChannel(samples, side)
    })
    const source = new AudioBufferSourceNode(context, { buffer })
    source.connect(split)
    source.connect(context.destination)
    source.start(next / RATE)
    next += length
  }
  return { meters, play }
}

/** Take the head off, and give on whole frames of both channels. */
async function pump(reader: ReadableStreamDefaultReader<Uint8Array>, play: Play): Promise<void> {
  let toSkip = HEAD_BYTES
  let odd: number[] = []
  for (;;) {
    const { done, value } = await reader.read()
    if (done) return
    const skipped = Math.min(toSkip, value.length)
    toSkip -= skipped
    const bytes = [...odd, ...value.subarray(skipped)]
    odd = bytes.length % SIDES ? bytes.splice(-1) : []
    const length = bytes.length / SIDES
    if (length === 0) continue
    const sideOf = (side: number) =>
      Float32Array.from({ length }, (_, place) => SAMPLES[bytes[place * SIDES + side]!]!)
    play([sideOf(0), sideOf(1)])
  }
}

function levelOf(meter: AnalyserNode): number {
  const samples = new Float32Array(meter.fftSize)
  meter.getFloatTimeDomainData(samples)
  return Math.sqrt(samples.reduce((sum, one) => sum + one * one, 0) / samples.length)
}

function sampleOf(code: number): number {
  const value = code ^ 0x55
  const exponent = (value >> 4) & 7
  const mantissa = value & 15
  const size = exponent === 0 ? mantissa * 16 + 8 : (mantissa * 16 + 264) << (exponent - 1)
  return (value & 0x80 ? size : -size) / 32_768
}
