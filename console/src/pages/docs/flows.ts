/** Who takes part: A, maskline, B (or who else calls), the customer's server. */
export const LANES = ['a', 'm', 'b', 's'] as const
export type Lane = (typeof LANES)[number]

interface Words {
  zh: string
  en: string
}

export interface Step extends Words {
  from: Lane
  to: Lane
  /** `api` and `push` are HTTP, `sip` is signalling, `speech` goes both ways, `note` happens inside. */
  kind: 'api' | 'push' | 'sip' | 'speech' | 'note'
}

interface Flow {
  title: Words
  lanes?: Partial<Record<Lane, Words>>
  steps: readonly Step[]
}

const step = (from: Lane, to: Lane, kind: Step['kind'], zh: string, en: string): Step => ({
  from,
  to,
  kind,
  zh,
  en,
})
const api = (zh: string, en: string) => step('s', 'm', 'api', zh, en)
const answer = (zh: string, en: string) => step('m', 's', 'api', zh, en)
const push = (names: string) => step('m', 's', 'push', `推送 ${names}`, `push ${names}`)
const note = (zh: string, en: string) => step('m', 'm', 'note', zh, en)
const aDials = (x: string) => step('a', 'm', 'sip', `拨打 ${x}`, `dials ${x}`)
const bDials = (x: string) => step('b', 'm', 'sip', `拨打 ${x}`, `dials ${x}`)
const ringsA = (x: string) => step('m', 'a', 'sip', `呼叫 A，显示 ${x}`, `calls A, shows ${x}`)
const ringsB = (x: string) => step('m', 'b', 'sip', `呼叫 B，显示 ${x}`, `calls B, shows ${x}`)
const aAnswers = step('a', 'm', 'sip', '应答', 'answers')
const bAnswers = step('b', 'm', 'sip', '应答', 'answers')
const talk = step('a', 'b', 'speech', '双向语音，经平台转发', 'speech, relayed')
const bHangsUp = step('b', 'm', 'sip', '挂机', 'hangs up')
const outgoing = push('callout, alerting')
const ended = push('disconnect, fee')
const somebody = { b: { zh: 'B（任何人）', en: 'B (anybody)' } }

/** The flows of the guide; a fenced block `flow` in a text names one. */
export const FLOWS: Record<string, Flow> = {
  axb: {
    title: { zh: 'AXB：A 拨打 X，接通 B', en: 'AXB: A dials X and reaches B' },
    steps: [
      api('绑定 A、B 与 X', 'bind A and B to X'),
      answer('subscriptionId', 'subscriptionId'),
      aDials('X'),
      note('按 X 与主叫查找绑定', 'look-up by X and the caller'),
      push('callin'),
      ringsB('X'),
      outgoing,
      bAnswers,
      push('answer'),
      talk,
      bHangsUp,
      ended,
    ],
  },
  ax: {
    title: { zh: 'AX：任何人拨打 X，接通 A', en: 'AX: anybody dials X and reaches A' },
    lanes: somebody,
    steps: [
      api('绑定 A 与 X', 'bind A to X'),
      answer('subscriptionId', 'subscriptionId'),
      bDials('X'),
      push('callin'),
      ringsA('X'),
      outgoing,
      aAnswers,
      push('answer'),
      talk,
      bHangsUp,
      ended,
    ],
  },
  'ax-callee': {
    title: { zh: 'AX：A 呼叫临时被叫', en: 'AX: A calls a temporary callee' },
    steps: [
      api('设置临时被叫 B', 'set temporary callee B'),
      answer('resultcode 0', 'resultcode 0'),
      aDials('X'),
      push('callin'),
      ringsB('X'),
      outgoing,
      bAnswers,
      push('answer'),
      talk,
      bHangsUp,
      ended,
    ],
  },
  axe: {
    title: { zh: 'AXE：B 拨打 X 并输入分机号', en: 'AXE: B dials X and keys an extension' },
    lanes: somebody,
    steps: [
      api('绑定 A 与 X', 'bind A to X'),
      answer('subscriptionId、extendNum', 'subscriptionId, extendNum'),
      bDials('X'),
      push('callin'),
      step('m', 'b', 'sip', '提示输入分机号（183）', 'asks for the extension (183)'),
      step('b', 'm', 'sip', '按键 E', 'keys E'),
      push('collectInfo'),
      ringsA('X'),
      outgoing,
      aAnswers,
      push('answer'),
      talk,
      bHangsUp,
      ended,
    ],
  },
  axyb: {
    title: { zh: 'AXYB：B 拨打 X，A 看到 Y', en: 'AXYB: B dials X, A sees Y' },
    steps: [
      api('绑定 A（areaCode）', 'bind A (areaCode)'),
      answer('subscriptionId、X', 'subscriptionId, X'),
      bDials('X'),
      push('callin'),
      note('首次来电：为 B 分配 Y', 'first call: B is given a Y'),
      ringsA('Y'),
      outgoing,
      aAnswers,
      push('answer'),
      talk,
      bHangsUp,
      ended,
      aDials('Y'),
      ringsB('X'),
    ],
  },
  x: {
    title: { zh: 'X：每通来电都询问您的服务器', en: 'X: your server is asked about each call' },
    lanes: { a: { zh: 'A（任何人）', en: 'A (anybody)' } },
    steps: [
      aDials('X'),
      step('m', 's', 'push', '询问 callin（Block）', 'asks callin (Block)'),
      api('connect，calleeNum = B', 'connect, calleeNum = B'),
      ringsB('X'),
      outgoing,
      bAnswers,
      push('answer'),
      talk,
      bHangsUp,
      ended,
    ],
  },
}
