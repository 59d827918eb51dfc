import './docs.css'
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { lazy, type ReactNode, Suspense } from 'react'
import { useTranslation } from 'react-i18next'
import { EmptyState } from '@/kit/EmptyState'
import { ErrorBox } from '@/kit/ErrorBox'
import { PageHead } from '@/kit/PageHead'
import { Skeleton } from '@/kit/Skeleton'
import { usePathParam } from '@/kit/useUrl'
import { CodeTable } from './CodeTable'
import { FlowPicture } from './FlowPicture'
import { isName, loadText, NAMES, type Name } from './texts'

// The renderer comes with the first page that is read.
const Markdown = lazy(() => import('@/kit/Markdown'))
const ApiReference = lazy(() => import('./ApiReference'))

/** What stands behind the text of a page. */
const REST: Partial<Record<Name, ReactNode>> = { api: <ApiReference />, codes: <CodeTable /> }

/** How do I use this, and what does that mean? */
export default function DocsPage() {
  const { t } = useTranslation('docs')
  const asked = usePathParam('_splat').replace(/\/$/, '') || NAMES[0]
  const name = isName(asked) ? asked : undefined
  return (
    <>
      <PageHead
        title={name ? t(`page.${name}.title`) : t('title')}
        verdict={name && t(`page.${name}.about`)}
      />
      <div className="docs-body">
        <nav className="docs-list mk-card" aria-label={t('list')}>
          <ul>
            {NAMES.map((one) => (
              <li key={one}>
                <Link
                  to="/docs/$"
                  params={{ _splat: one }}
                  aria-current={one === name ? 'page' : undefined}
                  data-testid={`docs.list.${one}`}
                >
                  {t(`page.${one}.title`)}
                </Link>
              </li>
            ))}
          </ul>
        </nav>
        <article className="docs-text mk-card" data-testid="docs.text">
          {name ? (
            <Suspense fallback={<Skeleton rows={12} />}>
              <Text key={name} name={name} />
            </Suspense>
          ) : (
            <EmptyState title={t('missing.title')}>{t('missing.text')}</EmptyState>
          )}
        </article>
      </div>
    </>
  )
}

function Text({ name }: { name: Name }) {
  const { i18n } = useTranslation()
  const { data, error, refetch } = useQuery({
    queryKey: ['docs', name, i18n.language],
    queryFn: () => loadText(name, i18n.language),
    staleTime: Number.POSITIVE_INFINITY,
    placeholderData: (before) => before,
  })
  if (error) return <ErrorBox error={error} onRetry={() => void refetch()} />
  if (data === undefined) return <Skeleton rows={12} />
  return (
    <>
      <Markdown text={data} blocks={{ flow: (flow) => <FlowPicture name={flow} /> }} />
      {REST[name]}
    </>
  )
}
