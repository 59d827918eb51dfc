import './ordering.css'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { Button } from 'antd'
import { type SyntheticEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { ask } from '@/api/client'
import { useSession } from '@/app/SessionContext'
import { toast } from '@/app/toast'
import { ConfirmButton } from '@/kit/ConfirmButton'
import { CancelButton, Dialog } from '@/kit/Dialog'
import { EmptyState } from '@/kit/EmptyState'
import { ErrorBox } from '@/kit/ErrorBox'
import { PageHead } from '@/kit/PageHead'
import { PlainTable } from '@/kit/PlainTable'
import { Skeleton } from '@/kit/Skeleton'
import { NONE } from '@/kit/Texts'
import { useAction } from '@/kit/useAction'
import { Text } from './Choice'
import { globalForm } from './EnterpriseForm'
import { CONTACTS, type Contact } from './ordering'

const TOPICS = ['order', 'enterprise', 'prompt', 'balance', 'problem'] as const
const MOST = 10

/** The contacts of the tenant of whoever is signed in. */
export function useContacts() {
  const tenantId = useSession().tenant?.tenant_id ?? ''
  const params = { tenant_id: tenantId }
  const { data, error } = useQuery({
    queryKey: [CONTACTS, params],
    queryFn: () => ask<{ items: Contact[] }>('GET', CONTACTS, { params }),
    enabled: tenantId !== '',
  })
  return { params, items: data?.items, error }
}

/** Whom may the platform call or write to? */
export default function ContactsPage() {
  const { t } = useTranslation('ordering')
  const { params, items, error } = useContacts()
  const [open, setOpen] = useState<Contact | 'new' | null>(null)
  if (error) return <ErrorBox error={error} />
  if (!params.tenant_id) return <EmptyState title={t('contact.ofTenants')} />
  if (!items) return <Skeleton />
  const add = items.length < MOST && (
    <Button type="primary" data-testid="contacts.add" onClick={() => setOpen('new')}>
      {t('contact.add')}
    </Button>
  )
  return (
    <>
      <PageHead
        title={t('contact.title')}
        verdict={t(items.length ? 'contact.verdict' : 'contact.none', {
          n: items.length,
          most: MOST,
        })}
        actions={add}
      />
      {items.length > 0 && (
        <PlainTable
          label={t('contact.title')}
          rows={items}
          rowId={(row) => row.contact_id}
          columns={[
            { key: 'name', title: t('field.contact_name'), render: ({ name }) => name },
            { key: 'phone', title: t('field.phone'), render: ({ phone }) => phone || NONE },
            { key: 'email', title: t('field.email'), render: ({ email }) => email || NONE },
            {
              key: 'topics',
              title: t('contact.topics'),
              render: ({ topics }) =>
                topics.map((topic) => t(`topic.${topic}`)).join(t('comma')) || NONE,
            },
            {
              key: 'actions',
              title: <span className="mk-visually-hidden">{t('paper.actions')}</span>,
              render: (row) => (
                <div className="mk-actions">
                  <Button size="small" onClick={() => setOpen(row)}>
                    {t('verb.change')}
                  </Button>
                  <Remove contact={row} />
                </div>
              ),
            },
          ]}
        />
      )}
      {open && (
        <ContactDialog contact={open === 'new' ? null : open} onClose={() => setOpen(null)} />
      )}
    </>
  )
}

function Remove({ contact }: { contact: Contact }) {
  const { t } = useTranslation('ordering')
  const client = useQueryClient()
  const { tenant_id, contact_id } = contact
  return (
    <ConfirmButton
      label={t('contact.remove', { name: contact.name })}
      level={1}
      size="small"
      onConfirm={async ({ send }) => {
        await send('DELETE', `${CONTACTS}/{contact_id}`, { params: { tenant_id, contact_id } })
        await client.invalidateQueries({ queryKey: [CONTACTS] })
      }}
    />
  )
}

function ContactDialog({ contact, onClose }: { contact: Contact | null; onClose: () => void }) {
  const { t } = useTranslation('ordering')
  const client = useQueryClient()
  const { params } = useContacts()
  const { isBusy, error, act, form } = useAction()
  const save = async (event: SyntheticEvent<HTMLFormElement>) => {
    event.preventDefault()
    const given = new FormData(event.currentTarget)
    const said = (name: string) => String(given.get(name) ?? '').trim()
    const body: Record<string, unknown> = {
      name: said('contact_name'),
      topics: TOPICS.filter((topic) => given.get(topic) === 'on'),
    }
    if (said('phone')) body.phone = globalForm(said('phone'))
    if (said('email')) body.email = said('email')
    await act(async ({ send }) => {
      if (contact) {
        const own = { ...params, contact_id: contact.contact_id }
        await send('PATCH', `${CONTACTS}/{contact_id}`, { params: own, body })
      } else await send('POST', CONTACTS, { params, body })
      toast(t('done.save'))
      await client.invalidateQueries({ queryKey: [CONTACTS] })
      onClose()
    })
  }
  return (
    <Dialog
      title={t(contact ? 'contact.change' : 'contact.add')}
      onClose={onClose}
      testId="contacts.dialog"
    >
      <form ref={form} className="mk-form" onSubmit={(event) => void save(event)}>
        <Text name="contact_name" value={contact?.name} isNeeded />
        <Text
          name="phone"
          placeholder={contact?.phone}
          hint={t(contact?.phone ? 'hint.stays' : 'hint.phone')}
        />
        <Text name="email" placeholder={contact?.email} hint={t('hint.email')} />
        <fieldset>
          <legend>{t('contact.topics')}</legend>
          {TOPICS.map((topic) => (
            <label key={topic} className="ordering-check">
              <input
                type="checkbox"
                name={topic}
                defaultChecked={contact?.topics.includes(topic) ?? true}
              />
              {t(`topic.${topic}`)}
            </label>
          ))}
        </fieldset>
        {error !== null && <ErrorBox error={error} />}
        <div className="mk-actions">
          <CancelButton />
          <Button type="primary" htmlType="submit" loading={isBusy} data-testid="contacts.save">
            {t('verb.save')}
          </Button>
        </div>
      </form>
    </Dialog>
  )
}
