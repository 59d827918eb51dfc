import './markdown.css'
import { Link } from '@tanstack/react-router'
import { Children, isValidElement, type ReactNode, useEffect } from 'react'
import { useTranslation } from 'react-i18next'
import ReactMarkdown, { type Components } from 'react-markdown'
import remarkGfm from 'remark-gfm'
import { CopyButton } from './CopyButton'
import { showHash } from './hash'

/** Draws a fenced block of one language from its text. */
type Blocks = Record<string, (text: string) => ReactNode>

interface Props {
  text: string
  blocks?: Blocks
}

/** A text of ours as elements: no HTML in it is taken. Links beginning with `/` are the console's. */
export default function Markdown({ text, blocks = {} }: Props) {
  // biome-ignore lint/correctness/useExhaustiveDependencies: another text has other headings
  useEffect(showHash, [text])
  return (
    <ReactMarkdown
      remarkPlugins={[remarkGfm]}
      components={{ ...PARTS, pre: ({ children }) => <Block blocks={blocks}>{children}</Block> }}
    >
      {text}
    </ReactMarkdown>
  )
}

const PARTS: Components = {
  a: ({ href = '', children }) => <Anchor href={href}>{children}</Anchor>,
  h2: ({ children }) => <h2 id={slugOf(children)}>{children}</h2>,
  h3: ({ children }) => <h3 id={slugOf(children)}>{children}</h3>,
  table: ({ children }) => <Scrolling>{children}</Scrolling>,
}

function Scrolling({ children }: { children: ReactNode }) {
  const { t } = useTranslation('kit')
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reached by keyboard
    <section className="mk-plain" tabIndex={0} aria-label={t('markdown.table')}>
      <table>{children}</table>
    </section>
  )
}

function Anchor({ href, children }: { href: string; children: ReactNode }) {
  if (href.startsWith('/')) {
    const [path = '/', hash] = href.split('#')
    return (
      <Link to={path as never} hash={hash}>
        {children}
      </Link>
    )
  }
  if (href.startsWith('#')) return <a href={href}>{children}</a>
  return (
    <a href={href} target="_blank" rel="noreferrer">
      {children}
    </a>
  )
}

function Block({ blocks, children }: { blocks: Blocks; children: ReactNode }) {
  const { t } = useTranslation('kit')
  const text = textOf(children).trim()
  const draw = blocks[languageOf(children)]
  if (draw) return draw(text)
  return (
    <div className="mk-markdown-code">
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reached by keyboard */}
      <section tabIndex={0} aria-label={t('markdown.code')}>
        <pre>{children}</pre>
      </section>
      <CopyButton text={text} />
    </div>
  )
}

function languageOf(children: ReactNode): string {
  const [code] = Children.toArray(children)
  const name = isValidElement<{ className?: string }>(code) ? code.props.className : undefined
  return name?.replace('language-', '') ?? ''
}

function textOf(node: ReactNode): string {
  if (typeof node === 'string' || typeof node === 'number') return String(node)
  if (Array.isArray(node)) return node.map(textOf).join('')
  if (isValidElement<{ children?: ReactNode }>(node)) return textOf(node.props.children)
  return ''
}

/** The name of a heading in addresses: its letters and digits, blanks as hyphens. */
function slugOf(children: ReactNode): string {
  return textOf(children)
    .toLowerCase()
    .replace(/[^\p{L}\p{N}\s-]/gu, '')
    .trim()
    .replace(/\s+/g, '-')
}
