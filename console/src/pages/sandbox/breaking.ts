import { ask } from '@/api/client'
import {
  type Exchange,
  numberToDial,
  type OperationExample,
  type Phone,
  pushName,
  type Run,
  type RunEvent,
  releaseOf,
  resultOf,
  type Scenario,
  type ScenarioStep,
} from './model'

const WAIT_MS = 20_000
const LOOK_MS = 300

/** Do the steps of a scenario; the answer of its last request. Throws ApiError. */
export async function play(scenario: Scenario, run: Run, x: string): Promise<Exchange | null> {
  let sent: Exchange | null = null
  let dialled = x
  for (const step of scenario.steps) {
    if (step.do === 'request') {
      const { params, exchange } = await send(run, step)
      sent = exchange
      dialled = numberToDial(params, exchange.answer.body) ?? dialled
    } else await take(step, run, dialled)
  }
  return sent
}

async function send(run: Run, step: ScenarioStep) {
  const { items } = await ask<{ items: OperationExample[] }>('GET', '/sandbox/operations', {
    query: { app_key: run.app_key },
  })
  const params = items.find((one) => one.operation === step.operation)?.params ?? {}
  const exchange = await ask<Exchange>('POST', '/sandbox/requests', {
    body: {
      app_key: run.app_key,
      operation: step.operation,
      params,
      signs_wrongly: step.signs_wrongly ?? false,
    },
  })
  return { params, exchange }
}

async function take(step: ScenarioStep, run: Run, number: string): Promise<void> {
  const params = { run_id: run.run_id, phone: step.phone ?? 'a' }
  const phone = '/sandbox/runs/{run_id}/phones/{phone}'
  if (step.do === 'behave') {
    const body = { manner: step.manner, after_s: 1 }
    await ask('PUT', `${phone}/behaviour`, { params, body })
  } else if (step.do === 'dial') {
    await ask('POST', phone, { params, body: { action: 'dial', number } })
  } else if (step.do === 'hangup') {
    await ask('POST', phone, { params, body: { action: 'hangup' } })
  } else if (step.do === 'answers') {
    await ask('PUT', '/sandbox/runs/{run_id}/receiver', { params, body: { status: step.status } })
  } else {
    const until = Date.now() + WAIT_MS
    while (Date.now() < until) {
      const view = await ask<Phone>('GET', phone, { params })
      if (view.state === step.state) return
      await new Promise((resolve) => window.setTimeout(resolve, LOOK_MS))
    }
  }
}

/** Put back what a scenario changed, and end its call. */
export async function putBack(before: Run): Promise<void> {
  const params = { run_id: before.run_id }
  const now = await ask<Run>('GET', '/sandbox/runs/{run_id}', { params })
  for (const phone of now.phones) {
    const of = { ...params, phone: phone.phone_id }
    const old = before.phones.find((one) => one.phone_id === phone.phone_id)?.behaviour
    if (old && old.manner !== phone.behaviour.manner) {
      await ask('PUT', '/sandbox/runs/{run_id}/phones/{phone}/behaviour', { params: of, body: old })
    }
    if (['dialling', 'alerting', 'talking'].includes(phone.state)) {
      const body = { action: 'hangup' }
      // It may have ended meanwhile.
      await ask('POST', '/sandbox/runs/{run_id}/phones/{phone}', { params: of, body }).catch(
        () => {},
      )
    }
  }
  if (before.receiver.status !== null && now.receiver.status !== before.receiver.status) {
    const body = { status: before.receiver.status }
    await ask('PUT', '/sandbox/runs/{run_id}/receiver', { params, body })
  }
}

/** What shows that it came as expected; undefined as long as nothing does. */
export function proofOf(
  { expects }: Scenario,
  sent: Exchange | null,
  since: readonly RunEvent[],
): string | undefined {
  if (expects.result) {
    const code = resultOf(sent?.answer.body)
    const isSo = code === expects.result && sent?.answer.status === expects.status
    return isSo ? `HTTP ${sent?.answer.status} · ${code}` : undefined
  }
  if (expects.push_status) {
    const push = since.find(
      (one) => one.kind === 'push' && one.detail.status === expects.push_status,
    )
    return push && `${pushName(push)} · ${expects.push_status}`
  }
  const code = since
    .map(releaseOf)
    .find((one) => one !== undefined && expects.release.includes(one))
  return code === undefined ? undefined : `disconnect · ${code}`
}
