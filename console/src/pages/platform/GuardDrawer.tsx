import { useQueryClient } from '@tanstack/react-query'
import { Button } from 'antd'
import { type ReactNode, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { ask } from '@/api/client'
import { useRight } from '@/app/SessionContext'
import { toast } from '@/app/toast'
import { ConfirmButton } from '@/kit/ConfirmButton'
import { DetailDrawer } from '@/kit/DetailDrawer'
import { type Field, Fields } from '@/kit/Fields'
import { guardFields } from './guard'
import { ObjectForm } from './ObjectForm'

interface Props {
  about: 'block' | 'rule'
  path: '/call-blocks' | '/frequency-rules'
  id: string
  object: object
  title: ReactNode
  fields: readonly Field[]
  onClose: () => void
  onNext: () => void
  onPrevious: () => void
}

/** A blocked number or a frequency rule: everything about it, changing and ending it. */
export function GuardDrawer({ about, path, id, object, title, fields, ...moves }: Props) {
  const { t } = useTranslation('platform')
  const client = useQueryClient()
  const mayWrite = useRight('call_rule.write')
  const isPlatform = useRight('guard.write')
  const [isChanging, setChanging] = useState(false)
  return (
    <DetailDrawer title={title} testId={`guard.${about}`} {...moves}>
      <Fields fields={fields} />
      {mayWrite && (
        <div className="mk-actions">
          <Button data-testid={`guard.${about}.change`} onClick={() => setChanging(true)}>
            {t('form.open')}
          </Button>
          <ConfirmButton
            label={t(`${about}.end`)}
            level={1}
            danger
            effect={<p>{t(`${about}.endEffect`)}</p>}
            testId={`guard.${about}.end`}
            onConfirm={async () => {
              await ask('DELETE', `${path}/{id}`, { params: { id } })
              moves.onClose()
              await client.invalidateQueries({ queryKey: [path] })
              toast(t(`${about}.ended`))
            }}
          />
        </div>
      )}
      {isChanging && (
        <ObjectForm
          about={about}
          path={path}
          fields={guardFields(about, isPlatform)}
          before={object}
          name={id}
          effect={t(`${about}.effect`)}
          onClose={() => setChanging(false)}
        />
      )}
    </DetailDrawer>
  )
}
