import { Link } from '@tanstack/react-router'
import { Component, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'

interface NoticeProps {
  title: string
  children?: ReactNode
  testId?: string
}

/** A page that has only a sentence to say. */
export function Notice({ title, children, testId }: NoticeProps) {
  return (
    <section className="mk-notice" data-testid={testId}>
      <h1>{title}</h1>
      {children}
    </section>
  )
}

export function NotFound() {
  const { t } = useTranslation('shell')
  return (
    <Notice title={t('notFound.title')} testId="shell.notFound">
      <p>{t('notFound.text')}</p>
      <p>
        <Link to="/">{t('notFound.home')}</Link>
      </p>
    </Notice>
  )
}

export function PageCrashed({ error }: { error: unknown }) {
  const { t } = useTranslation('shell')
  return (
    <Notice title={t('crashed.title')} testId="shell.crashed">
      <p>{t('crashed.text')}</p>
      <pre>{error instanceof Error ? error.message : String(error)}</pre>
      <button type="button" className="mk-button" onClick={() => window.location.reload()}>
        {t('crashed.reload')}
      </button>
    </Notice>
  )
}

/** What is left when even the shell breaks: no texts and no theme are taken for granted. */
export class LastResort extends Component<{ children: ReactNode }, { error: Error | null }> {
  override state = { error: null as Error | null }

  static getDerivedStateFromError(error: Error) {
    return { error }
  }

  override render() {
    if (this.state.error === null) return this.props.children
    return (
      <main className="mk-notice">
        <h1>页面出错了 · This page broke</h1>
        <pre>{this.state.error.message}</pre>
        <a href="/console/">重新打开 · Open again</a>
      </main>
    )
  }
}
