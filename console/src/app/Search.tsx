import { useNavigate } from '@tanstack/react-router'
import { type SyntheticEvent, useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { ask } from '@/api/client'
import { pages } from './area'

/** Where an id may belong, in the order in which it is asked for: API path and page. */
const PLACES = [
  ['/calls/{id}', '/calls/$session', 'session'],
  ['/bindings/{id}', '/bindings/$id', 'id'],
  ['/applications/{id}', '/apps/$key', 'key'],
  ['/pushes/{id}', '/pushes/$id', 'id'],
  ['/messages/{id}', '/messages/$id', 'id'],
] as const
const NUMBER = /^\+?[\d\s-]{5,20}$/

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
    const found = NUMBER.test(text) ? await findNumber(text) : await findId(text)
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

async function findId(id: string) {
  const known = PLACES.filter(([, page]) => pages.some(({ path }) => path === page))
  const answers = await Promise.allSettled(
    known.map(([path]) => ask('GET', path, { params: { id } })),
  )
  const place = known[answers.findIndex(({ status }) => status === 'fulfilled')]
  return place ? { to: place[1], params: { [place[2]]: id } } : null
}

/** A number may be somebody's real one: it goes in a body, and only an opaque token into the address. */
async function findNumber(number: string) {
  const page = ['/calls', '/bindings', '/numbers'].find((one) =>
    pages.some(({ path }) => path === one),
  )
  if (!page) return null
  try {
    const { who } = await ask<{ who: string }>('POST', '/number-lookups', { body: { number } })
    return { to: page, search: { who } }
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
