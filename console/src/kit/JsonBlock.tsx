import { useTranslation } from 'react-i18next'
import { CopyButton } from './CopyButton'

/** A value as indented JSON; text that is no JSON stays as it is. */
export function JsonBlock({ value, label }: { value: unknown; label?: string }) {
  const { t } = useTranslation('kit')
  const text = typeof value === 'string' ? pretty(value) : JSON.stringify(value, null, 2)
  return (
    <div className="mk-json">
      <CopyButton text={text} label={label} />
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reached by keyboard */}
      <section aria-label={label ?? t('json')} tabIndex={0}>
        <pre>{text}</pre>
      </section>
    </div>
  )
}

function pretty(text: string): string {
  try {
    return JSON.stringify(JSON.parse(text), null, 2)
  } catch {
    return text
  }
}
