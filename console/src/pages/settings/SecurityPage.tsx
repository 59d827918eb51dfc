import './settings.css'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { Button } from 'antd'
import type { SyntheticEvent } from 'react'
import { useTranslation } from 'react-i18next'
import { ask } from '@/api/client'
import { useSession } from '@/app/SessionContext'
import { toast } from '@/app/toast'
import { ErrorBox } from '@/kit/ErrorBox'
import { PageHead } from '@/kit/PageHead'
import { Skeleton } from '@/kit/Skeleton'
import { useAction } from '@/kit/useAction'
import { Sessions, type UserSession } from './Sessions'
import { Totp } from './Totp'

/** Is my account safe, and where am I signed in? */
export default function SecurityPage() {
  const { t } = useTranslation(['settings', 'shell'])
  const { user } = useSession()
  return (
    <>
      <PageHead
        title={t('shell:nav.security')}
        tone={user.has_totp ? 'plain' : 'warn'}
        verdict={t(user.has_totp ? 'security.both' : 'security.passwordOnly')}
      />
      <Password />
      <Totp />
      <OwnSessions />
    </>
  )
}

function Password() {
  const { t } = useTranslation('settings')
  const { user } = useSession()
  const client = useQueryClient()
  const { isBusy, error, act, form: watch } = useAction()
  const save = async (event: SyntheticEvent<HTMLFormElement>) => {
    event.preventDefault()
    const form = event.currentTarget
    const given = new FormData(form)
    const again = form.elements.namedItem('again') as HTMLInputElement
    const isSame = given.get('password') === given.get('again')
    again.setCustomValidity(isSame ? '' : t('password.differs'))
    if (!isSame) {
      again.reportValidity()
      return
    }
    await act(async ({ send }) => {
      const body = {
        old_password: String(given.get('old')),
        password: String(given.get('password')),
      }
      await send('PUT', '/profile/password', { body })
      form.reset()
      toast(t('password.done'))
      await client.invalidateQueries({ queryKey: ['/profile/sessions'] })
    })
  }
  return (
    <section className="mk-card" data-testid="security.password">
      <h2>{t('password.title')}</h2>
      <form
        ref={watch}
        className="mk-form settings-form"
        onSubmit={(event) => void save(event)}
        onInput={(event) => {
          const again = event.currentTarget.elements.namedItem('again') as HTMLInputElement
          again.setCustomValidity('')
        }}
      >
        <input type="hidden" name="login" autoComplete="username" value={user.login} />
        <label>
          {t('password.old')}
          <input name="old" type="password" autoComplete="current-password" required />
        </label>
        <label>
          {t('password.new')}
          <input name="password" type="password" autoComplete="new-password" required />
        </label>
        <label>
          {t('password.again')}
          <input name="again" type="password" autoComplete="new-password" required />
        </label>
        <p className="mk-quiet">{t('password.effect')}</p>
        {error !== null && <ErrorBox error={error} />}
        <div>
          <Button type="primary" htmlType="submit" loading={isBusy}>
            {t('password.go')}
          </Button>
        </div>
      </form>
    </section>
  )
}

function OwnSessions() {
  const { t } = useTranslation('settings')
  const client = useQueryClient()
  const { data, error, refetch } = useQuery({
    queryKey: ['/profile/sessions'],
    queryFn: () => ask<{ items: UserSession[] }>('GET', '/profile/sessions'),
  })
  const end = async (id: string) => {
    await ask('DELETE', '/profile/sessions/{session_id}', { params: { session_id: id } })
    await client.invalidateQueries({ queryKey: ['/profile/sessions'] })
  }
  return (
    <section className="mk-card" data-testid="security.sessions">
      <h2>{t('session.own')}</h2>
      {error && !data && <ErrorBox error={error} onRetry={() => void refetch()} />}
      {!data && !error && <Skeleton rows={3} />}
      {data && <Sessions sessions={data.items} onEnd={end} />}
    </section>
  )
}
