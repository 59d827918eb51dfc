import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { FormRequests } from '@/api/change'
import { ask, type Schema } from '@/api/client'
import { ConfirmButton } from '@/kit/ConfirmButton'
import { ErrorBox } from '@/kit/ErrorBox'
import { SecretDialog } from '@/kit/SecretDialog'
import { Skeleton } from '@/kit/Skeleton'
import { StateTag } from '@/kit/StateTag'
import { IdText, TimeText } from '@/kit/Texts'
import type { Application } from './application'

type Secret = Schema<'SecretView'>

const GRACES_S = [86_400, 3_600, 604_800, 0] as const
const PATH = '/applications/{app_key}/secrets'

/** The secrets that work, who used them last, a new one with a grace for the old. */
export function Keys({ app }: { app: Application }) {
  const { t } = useTranslation('apps')
  const client = useQueryClient()
  const params = { app_key: app.app_key }
  const [grace, setGrace] = useState<number>(GRACES_S[0])
  const [made, setMade] = useState<Schema<'NewSecretView'> | null>(null)
  const { data, error, refetch } = useQuery({
    queryKey: [PATH, app.app_key],
    queryFn: () => ask<{ items: Secret[] }>('GET', PATH, { params }),
    refetchInterval: 30_000,
  })
  const refresh = () => client.invalidateQueries({ queryKey: [PATH, app.app_key] })
  const renew = async ({ send }: FormRequests) => {
    setMade(await send('POST', PATH, { params, body: { grace_s: grace } }))
    await refresh()
  }
  const end = async (id: string) => {
    await ask('DELETE', `${PATH}/{secret_id}`, { params: { ...params, secret_id: id } })
    await refresh()
  }
  return (
    <section className="mk-card" id="keys" data-testid="app.keys">
      <h2>{t('section.keys')}</h2>
      <p>
        APP_Key: <IdText id={app.app_key} isWhole />
      </p>
      {error && !data ? <ErrorBox error={error} onRetry={() => void refetch()} /> : null}
      {data ? <SecretTable secrets={data.items} onEnd={end} /> : !error && <Skeleton rows={2} />}
      <div className="apps-row">
        <label>
          {t('key.grace')}{' '}
          <select
            className="mk-select"
            value={grace}
            data-testid="app.keys.grace"
            onChange={(event) => setGrace(Number(event.target.value))}
          >
            {GRACES_S.map((one) => (
              <option key={one} value={one}>
                {t(`key.graceOf.${one}`)}
              </option>
            ))}
          </select>
        </label>
        <ConfirmButton
          label={t('key.renew')}
          level={3}
          danger={grace === 0}
          effect={
            <>
              <p>
                {t(`key.effect.${grace === 0 ? 'atOnce' : 'grace'}`, {
                  grace: t(`key.graceOf.${grace}`),
                })}
              </p>
              <p>{t('key.untouched')}</p>
            </>
          }
          testId="app.keys.renew"
          onConfirm={renew}
        />
      </div>
      {made && (
        <SecretDialog
          title={t('secret.renewed')}
          text={t('secret.text')}
          values={[
            { label: 'APP_Key', value: made.app_key },
            { label: 'APP_Secret', value: made.app_secret },
          ]}
          file={`${made.app_key}.txt`}
          onStored={() => setMade(null)}
        />
      )}
    </section>
  )
}

interface TableProps {
  secrets: readonly Secret[]
  onEnd: (id: string) => Promise<void>
}

function SecretTable({ secrets, onEnd }: TableProps) {
  const { t } = useTranslation('apps')
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reached by keyboard
    <section className="apps-scroll" tabIndex={0} aria-label={t('key.caption')}>
      <table className="apps-table">
        <thead>
          <tr>
            <th scope="col">{t('key.state')}</th>
            <th scope="col">{t('key.created')}</th>
            <th scope="col">{t('key.until')}</th>
            <th scope="col">{t('key.used')}</th>
            <th scope="col">{t('key.from')}</th>
            <th scope="col">{t('key.action')}</th>
          </tr>
        </thead>
        <tbody>
          {secrets.map((one) => (
            <tr key={one.secret_id} data-id={one.secret_id}>
              <td>
                <StateTag tone={one.is_current ? 'ok' : 'warn'}>
                  {t(one.is_current ? 'key.current' : 'key.former')}
                </StateTag>
              </td>
              <td>
                <TimeText at={one.created_at} />
              </td>
              <td>{one.valid_until ? <TimeText at={one.valid_until} /> : t('key.endless')}</td>
              <td>{one.used_at ? <TimeText at={one.used_at} /> : t('key.unused')}</td>
              <td>{one.used_from ?? '–'}</td>
              <td>
                {!one.is_current && (
                  <ConfirmButton
                    label={t('key.end')}
                    level={3}
                    danger
                    size="small"
                    effect={t(one.used_at ? 'key.endUsed' : 'key.endUnused')}
                    onConfirm={() => onEnd(one.secret_id)}
                  />
                )}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  )
}
