import './settings.css'
import { useQueryClient } from '@tanstack/react-query'
import { Button } from 'antd'
import type { SyntheticEvent } from 'react'
import { useTranslation } from 'react-i18next'
import { language } from '@/app/language'
import { useSession } from '@/app/SessionContext'
import { toast } from '@/app/toast'
import { ErrorBox } from '@/kit/ErrorBox'
import { Fields } from '@/kit/Fields'
import { PageHead } from '@/kit/PageHead'
import { useAction } from '@/kit/useAction'

const ZONES = Intl.supportedValuesOf('timeZone')

/** Who am I here, and how do I want to be spoken to? */
export default function ProfilePage() {
  const { t } = useTranslation(['settings', 'shell'])
  const { user, tenant } = useSession()
  const client = useQueryClient()
  const { isBusy, error, act, form } = useAction()
  const save = async (event: SyntheticEvent<HTMLFormElement>) => {
    event.preventDefault()
    const given = new FormData(event.currentTarget)
    const tongue = String(given.get('language'))
    await act(async ({ send }) => {
      const body = {
        name: String(given.get('name')).trim(),
        language: tongue,
        zone: String(given.get('zone')),
      }
      await send('PATCH', '/profile', { body })
      await client.invalidateQueries({ queryKey: ['session'] })
      if (tongue === 'zh' || tongue === 'en') language.set(tongue)
      toast(t('saved'))
    })
  }
  return (
    <>
      <PageHead
        title={t('shell:nav.profile')}
        verdict={t('profile.verdict', {
          login: user.login,
          role: t(`shell:role.${user.role}`),
          whose: tenant?.name ?? t('profile.platform'),
        })}
      />
      <section className="mk-card">
        <Fields
          fields={[
            { label: t('user.login'), value: user.login },
            { label: t('user.role'), value: t(`shell:role.${user.role}`) },
            { label: t('profile.tenant'), value: tenant?.name ?? t('profile.platform') },
          ]}
        />
        <form ref={form} className="mk-form settings-form" onSubmit={(event) => void save(event)}>
          <label>
            {t('user.name')}
            <input
              name="name"
              maxLength={64}
              required
              defaultValue={user.name}
              autoComplete="name"
              data-testid="profile.name"
            />
          </label>
          <label>
            {t('profile.language')}
            <select name="language" defaultValue={user.language ?? 'zh'}>
              <option value="zh" lang="zh-CN">
                中文
              </option>
              <option value="en" lang="en">
                English
              </option>
            </select>
          </label>
          <label>
            {t('profile.zone')}
            <input
              name="zone"
              list="zones"
              required
              defaultValue={user.zone ?? 'Asia/Shanghai'}
              autoComplete="off"
            />
            <datalist id="zones">
              {ZONES.map((zone) => (
                <option key={zone} value={zone} />
              ))}
            </datalist>
            <small className="mk-quiet">{t('profile.zoneWhy')}</small>
          </label>
          {error !== null && <ErrorBox error={error} />}
          <div>
            <Button type="primary" htmlType="submit" loading={isBusy} data-testid="profile.save">
              {t('save')}
            </Button>
          </div>
        </form>
      </section>
    </>
  )
}
