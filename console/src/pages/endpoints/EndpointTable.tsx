import { useTranslation } from 'react-i18next'
import { StateTag } from '@/kit/StateTag'
import { NONE, TimeText } from '@/kit/Texts'
import { type Endpoint, stateOf, TONES } from './endpoint'

interface Props {
  endpoints: readonly Endpoint[]
  openId?: string
  onOpen: (endpoint: Endpoint) => void
}

/** All callback URLs: there are four of an application at most, so they need no pages. */
export function EndpointTable({ endpoints, openId, onOpen }: Props) {
  const { t } = useTranslation(['endpoints', 'kit'])
  const heads = [
    t('kit:app'),
    t('column.purpose'),
    'URL',
    t('column.state'),
    t('column.since'),
    t('column.error'),
  ]
  return (
    <div className="mk-table">
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reached by keyboard */}
      <section className="mk-scroll" tabIndex={0} aria-label={t('caption')}>
        <table>
          <caption>{t('caption')}</caption>
          <thead>
            <tr>
              {heads.map((head) => (
                <th key={head} scope="col">
                  {head}
                </th>
              ))}
              <th scope="col">{t('column.open')}</th>
            </tr>
          </thead>
          <tbody>
            {endpoints.map((one) => (
              <tr
                key={one.id}
                data-id={one.id}
                data-testid="endpoints.row"
                className={one.id === openId ? 'is-open' : undefined}
              >
                <td>{one.app.name}</td>
                <td>{t(`kit:push.purpose.${one.purpose}`)}</td>
                <td>
                  <code>{one.url}</code>
                </td>
                <td>
                  <StateTag tone={TONES[stateOf(one)]}>{t(`state.${stateOf(one)}`)}</StateTag>
                </td>
                <td>
                  <TimeText at={one.trouble?.since} />
                </td>
                <td>{one.trouble?.error ?? NONE}</td>
                <td>
                  <button type="button" className="mk-button" onClick={() => onOpen(one)}>
                    {t('open')}
                  </button>
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </section>
    </div>
  )
}
