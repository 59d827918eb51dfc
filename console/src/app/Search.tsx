import { useNavigate } from '@tanstack/react-router'
import { type SyntheticEvent, useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { ask, type Schema } from '@/api/client'
import { pages } from './area'

/** Where an id may belong, in the order in which it is asked for: API path and page. */
const PLACES = [
  ['/calls/{id}', '/calls/$session', 'session'],
  ['/bindings/{id}', '/bindings/$id', 'id'],
  ['/applications/{id}', '/apps/$key', 'key'],
  ['/pushes/{id}', '/pushes', ''],
  ['/messages/{id}', '/messages', ''],
] as const
const NUMBER = /^\+?[\d\s-]{5,40}$/
/** A release code, or the code of a result. */
const CODE = /^\d{3,4}$|^1\d{6}$/

/** Takes anything that was copied from elsewhere and opens its page; `/` puts the cursor here. */
export function Search() {
  const { t } = useTranslation('shell')
  const input = useRef<HTMLInputElement>(null)
  const navigate = useNavigate()
  const [answer, setAnswer] = useState('')
  useSlash(input)
  const find = async (event: SyntheticEvent) => {
    event.preventDefault()
    const text = input.current?.value.trim() ?? ''
    if (!text) return
    setAnswer(t('search.busy'))
    const found = await placeOf(text)
    setAnswer(found ? '' : t('search.nothing'))
    if (!found) return
    if (input.current) input.current.value = ''
    await navigate(found)
  }
  return (
    <search className="mk-search">
      <form onSubmit={(event) => void find(event)}>
        <input
          ref={input}
          type="search"
          aria-label={t('search.label')}
          aria-describedby="search-answer"
          placeholder={t('search.placeholder')}
          maxLength={200}
          data-testid="shell.search"
          onInput={() => setAnswer('')}
        />
        <span id="search-answer" role="status">
          {answer}
        </span>
      </form>
    </search>
  )
}

async function placeOf(text: string) {
  if (CODE.test(text)) return { to: '/docs/codes', search: { q: text } }
  return NUMBER.test(text) ? findNumber(text) : findId(text)
}

async function findId(id: string) {
  const known = PLACES.filter(([, page]) => pages.some(({ path }) => path === page))
  const answers = await Promise.allSettled(
    known.map(([path]) => ask('GET', path, { params: { id } })),
  )
  const place = known[answers.findIndex(({ status }) => status === 'fulfilled')]
  if (!place) return null
  const [, to, name] = place
  return name ? { to, params: { [name]: id } } : { to, search: { open: id } }
}

/** A number may be somebody's real one: it goes in a body, and only an opaque token into the address. */
async function findNumber(number: string) {
  const page = ['/calls', '/bindings', '/numbers'].find((one) =>
    pages.some(({ path }) => path === one),
  )
  if (!page) return null
  try {
    const body = { number }
    const { who, x } = await ask<Schema<'LookupView'>>('POST', '/number-lookups', { body })
    return x ? { to: '/numbers/$id', params: { id: x } } : { to: page, search: { who } }
  } catch {
    return null
  }
}

function useSlash(input: React.RefObject<HTMLInputElement | null>): void {
  useEffect(() => {
    const listen = (event: KeyboardEvent) => {
      const from = event.target as HTMLElement
      const isTyping = from.matches('input, textarea, select, [contenteditable]')
      if (event.key !== '/' || isTyping || event.ctrlKey || event.metaKey) return
      event.preventDefault()
      input.current?.focus()
    }
    window.addEventListener('keydown', listen)
    return () => window.removeEventListener('keydown', listen)
  }, [input])
}
