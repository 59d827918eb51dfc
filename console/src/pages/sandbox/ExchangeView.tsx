import { useTranslation } from 'react-i18next'
import { JsonBlock } from '@/kit/JsonBlock'
import { StateTag } from '@/kit/StateTag'
import { type Exchange, part, resultOf } from './model'

/** What was sent and what came back, side by side, with the result in words. */
export function ExchangeView({ exchange }: { exchange: Exchange }) {
  const { t } = useTranslation('sandbox')
  const { request, answer } = exchange
  const result = resultOf(answer.body)
  const isGood = answer.status < 300 && (result === undefined || result === '0')
  return (
    <div data-testid="sandbox.exchange">
      <p role="status">
        <StateTag tone={isGood ? 'ok' : 'bad'}>
          HTTP {answer.status}
          {result !== undefined && ` · ${result}`}
        </StateTag>{' '}
        {String(part(answer.body, 'resultdesc') ?? '')}{' '}
        <span className="mk-quiet">{t('exchange.took', { ms: Math.round(exchange.took_ms) })}</span>
      </p>
      <div className="sandbox-halves">
        <div>
          <h3>{t('exchange.request')}</h3>
          <p className="sandbox-wire">
            <code>
              {request.method} {request.url}
            </code>
          </p>
          <details>
            <summary>{t('exchange.headers')}</summary>
            <ul className="sandbox-wire">
              {Object.entries(request.headers).map(([name, value]) => (
                <li key={name}>
                  <code>
                    {name}: {value}
                  </code>
                </li>
              ))}
            </ul>
          </details>
          {request.body && <JsonBlock value={request.body} label={t('exchange.request')} />}
        </div>
        <div>
          <h3>{t('exchange.answer')}</h3>
          <JsonBlock value={answer.body} label={t('exchange.answer')} />
        </div>
      </div>
    </div>
  )
}
