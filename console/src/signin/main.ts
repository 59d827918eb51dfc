import './signin.css'
import { type Answer, ask } from './ask'
import { field, make, values } from './form'
import { type Language, roleName, type Word, words } from './words'

interface DemoAccount {
  login: string
  password: string
  role: string
}

const KEPT = 'maskline.language'
let language: Language = localStorage.getItem(KEPT) === 'en' ? 'en' : 'zh'
let needsCode = false
let given: Record<string, string> = {}
let said: { word?: Word; text?: string; hint?: string; until?: string } = {}
let accounts: DemoAccount[] = []
let needsSetup = false
let link: { login?: string; purpose?: string } = {}

const page = location.pathname.replace('/console/', '')
// Links carry it behind the #, so that it is in no log of a server.
const token = location.hash.slice(1) || new URLSearchParams(location.search).get('token')
const say = (word: Word): string => words[language][word]

/** Only a page of the console: a link may not send people elsewhere after they signed in. */
function nextPage(): string {
  const next = new URLSearchParams(location.search).get('next') ?? ''
  return /^\/console\/(?!signin|setup|invitation)[^\\]*$/.test(next) ? next : '/console/'
}

function refused({ error, status }: Answer): void {
  const word = error.code === 'invalid_field' ? `wrong_${error.field}` : error.code
  if (status === 423) said = { word: 'locked', until: /\d{4}-\S+Z/.exec(error.hint ?? '')?.[0] }
  else if (word in words.zh) said = { word: word as Word }
  else said = { text: error.message, hint: error.hint }
}

/** A moment as the clock of who reads it shows it. */
function localTime(moment: string): string {
  const at = new Date(moment)
  at.setMinutes(at.getMinutes() - at.getTimezoneOffset())
  return at.toISOString().slice(0, 19).replace('T', ' ')
}

async function submitSignIn(): Promise<void> {
  const { login, password, code } = given
  const answer = await ask('POST', '/session', { login, password, ...(code ? { code } : {}) })
  if (answer.ok) {
    location.replace(nextPage())
    return
  }
  const isAskedForCode = answer.error.code === 'code_needed' && !needsCode
  if (answer.error.code === 'code_needed') needsCode = true
  said = {}
  if (!isAskedForCode) refused(answer)
  given = { ...given, code: '' }
  draw()
}

async function submitFirst(): Promise<void> {
  if (given.password !== given.again) {
    said = { word: 'differs' }
    draw()
    return
  }
  const { login, name, password } = given
  const answer =
    page === 'setup'
      ? await ask('POST', '/setup', { token, login, name, password })
      : await ask('POST', '/invitations/accept', { token, name, password })
  if (!answer.ok) {
    refused(answer)
    draw()
    return
  }
  history.replaceState(null, '', '/console/signin')
  location.replace('/console/')
}

function signInForm(): HTMLFormElement {
  const common = { spellcheck: 'false', autocapitalize: 'none' }
  if (needsCode) {
    return make(
      'form',
      {},
      make('p', {}, say('codeText')),
      field(say('code'), {
        name: 'code',
        inputmode: 'numeric',
        autocomplete: 'one-time-code',
        maxlength: '20',
      }),
      make('button', { type: 'submit', 'data-testid': 'signin.go' }, say('go')),
    )
  }
  return make(
    'form',
    {},
    field(say('login'), {
      name: 'login',
      autocomplete: 'username',
      value: given.login ?? '',
      ...common,
    }),
    field(say('password'), {
      name: 'password',
      type: 'password',
      autocomplete: 'current-password',
      value: given.password ?? '',
    }),
    make('button', { type: 'submit', 'data-testid': 'signin.go' }, say('go')),
  )
}

function firstForm(): HTMLFormElement {
  const isSetup = page === 'setup'
  const secret = { type: 'password', autocomplete: 'new-password', minlength: '10' }
  return make(
    'form',
    {},
    make('p', {}, say(isSetup ? 'setupText' : 'invitationText')),
    isSetup &&
      field(say('login'), { name: 'login', autocomplete: 'username', value: given.login ?? '' }),
    !isSetup && link.login
      ? make('p', {}, `${say('forLogin')}: `, make('code', {}, link.login))
      : '',
    field(say('name'), { name: 'name', autocomplete: 'name', value: given.name ?? '' }),
    field(say('password'), { name: 'password', ...secret }),
    field(say('again'), { name: 'again', ...secret }),
    make(
      'button',
      { type: 'submit', 'data-testid': 'signin.go' },
      say(isSetup ? 'setupGo' : 'invitationGo'),
    ),
  )
}

function demoList(): HTMLElement | false {
  if (!accounts.length || needsCode) return false
  const rows = accounts.map((account) => {
    const row = make(
      'button',
      { type: 'button', 'data-testid': `signin.demo.${account.role}` },
      make('code', {}, account.login),
      make('code', {}, account.password),
      make('span', {}, roleName(language, account.role)),
    )
    row.onclick = () => {
      given = { login: account.login, password: account.password }
      said = {}
      draw()
    }
    return make('li', {}, row)
  })
  return make(
    'section',
    {},
    make('h2', {}, say('demo')),
    make('p', {}, say('demoText')),
    make('ul', {}, ...rows),
  )
}

function switchLanguage(): HTMLButtonElement {
  const other = language === 'zh' ? 'en' : 'zh'
  const button = make(
    'button',
    {
      type: 'button',
      class: 'other',
      lang: other === 'zh' ? 'zh-CN' : 'en',
      'data-testid': 'signin.language',
    },
    say('other'),
  )
  button.onclick = () => {
    language = other
    localStorage.setItem(KEPT, language)
    draw()
  }
  return button
}

function firstTitle(): Word {
  if (page === 'setup') return 'setupTitle'
  return link.purpose === 'invitation' || !link.purpose ? 'invitationTitle' : 'resetTitle'
}

function draw(): void {
  const isFirst = page === 'setup' || page === 'invitation'
  const title = say(isFirst ? firstTitle() : 'title')
  document.documentElement.lang = language === 'zh' ? 'zh-CN' : 'en'
  document.title = title
  const form = isFirst ? firstForm() : signInForm()
  form.onsubmit = (event) => {
    event.preventDefault()
    given = { ...given, ...values(form) }
    const button = form.querySelector('button')
    if (button) button.disabled = true
    void (isFirst ? submitFirst() : submitSignIn())
  }
  const reason = said.text ?? (said.word ? say(said.word) : '')
  const trouble = make(
    'p',
    { role: 'alert', id: 'trouble' },
    reason,
    said.hint ? ` ${said.hint}` : '',
    said.until ? ` ${say('until')} ${localTime(said.until)}` : '',
  )
  document
    .getElementById('main')
    ?.replaceChildren(
      switchLanguage(),
      make('h1', {}, title),
      !isFirst && needsSetup ? make('p', {}, say('needsSetup')) : '',
      isFirst && !token ? make('p', { role: 'alert' }, say('noToken')) : form,
      trouble,
      demoList() || '',
    )
  form.querySelector<HTMLInputElement>('input:not([value]), input[value=""]')?.focus()
}

function takeTheme(): void {
  const theme = localStorage.getItem('maskline.theme')
  const isDark =
    theme === 'dark' || (theme !== 'light' && matchMedia('(prefers-color-scheme: dark)').matches)
  document.documentElement.dataset.theme = isDark ? 'dark' : 'light'
}

takeTheme()
draw()
if (page === 'invitation' && token) {
  void ask('POST', '/invitations/look', { token }).then((answer) => {
    if (answer.ok) link = answer.body
    else refused(answer)
    given = { ...given, name: String(answer.body.name ?? '') }
    draw()
  })
}
if (page !== 'setup' && page !== 'invitation') {
  void ask('GET', '/sign-in').then(({ ok, body }) => {
    if (!ok) return
    accounts = (body.demo_accounts ?? []) as DemoAccount[]
    needsSetup = body.needs_setup === true
    const form = document.querySelector('form')
    if (form) given = { ...given, ...values(form) }
    if (accounts.length || needsSetup) draw()
  })
}
