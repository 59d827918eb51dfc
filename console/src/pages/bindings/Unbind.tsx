import { useQueryClient } from '@tanstack/react-query'
import { Button } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { FormRequests } from '@/api/change'
import { toast } from '@/app/toast'
import { ConfirmButton } from '@/kit/ConfirmButton'
import { Dialog } from '@/kit/Dialog'
import { IdText } from '@/kit/Texts'
import type { Unbound } from './binding'

const AT_ONCE = 500

function useRenewal() {
  const client = useQueryClient()
  return () =>
    Promise.all(
      ['/bindings', '/ended-bindings', '/numbers'].map((path) =>
        client.invalidateQueries({ queryKey: [path] }),
      ),
    )
}

/** Removes one binding; the page of it then shows that it has ended. */
export function UnbindOne({ id, isRelation }: { id: string; isRelation: boolean }) {
  const { t } = useTranslation('bindings')
  const renew = useRenewal()
  return (
    <ConfirmButton
      label={t('unbind.one')}
      level={1}
      danger
      effect={t(isRelation ? 'unbind.relationEffect' : 'unbind.oneEffect')}
      testId="binding.unbind"
      onConfirm={async ({ send }) => {
        await send('DELETE', '/bindings/{id}', { params: { id } })
        await renew()
        toast(t('unbind.oneDone'))
      }}
    />
  )
}

/** Removes the chosen ones, each by itself; those that stay are told with their reason. */
export function UnbindMany({ ids, onDone }: { ids: readonly string[]; onDone: () => void }) {
  const { t } = useTranslation(['bindings', 'kit'])
  const renew = useRenewal()
  const [left, setLeft] = useState<Unbound | null>(null)
  const run = async ({ send }: FormRequests) => {
    const answer = await send<Unbound>('POST', '/bindings/unbind', { body: { binding_ids: ids } })
    await renew()
    if (answer.unbound < ids.length) setLeft(answer)
    else {
      toast(t('unbind.manyDone', { count: answer.unbound }))
      onDone()
    }
  }
  return (
    <>
      <ConfirmButton
        label={t('unbind.many', { count: ids.length })}
        level={2}
        danger
        effect={t('unbind.manyEffect', { count: ids.length })}
        disabled={ids.length > AT_ONCE}
        reason={t('unbind.tooMany', { count: AT_ONCE })}
        testId="bindings.unbind"
        onConfirm={run}
      />
      {left && (
        <Dialog title={t('unbind.some')} onClose={onDone}>
          <p>{t('unbind.manyDone', { count: left.unbound })}</p>
          <ul>
            {left.items
              .filter(({ is_unbound: isUnbound }) => !isUnbound)
              .map((one) => (
                <li key={one.binding_id}>
                  <IdText id={one.binding_id} /> {one.message} <code>{one.code}</code>
                </li>
              ))}
          </ul>
          <div className="mk-actions">
            <Button onClick={onDone}>{t('kit:close')}</Button>
          </div>
        </Dialog>
      )}
    </>
  )
}
