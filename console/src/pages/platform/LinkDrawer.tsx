import { useQueryClient } from '@tanstack/react-query'
import { Button } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { ask } from '@/api/client'
import { toast } from '@/app/toast'
import { ConfirmButton } from '@/kit/ConfirmButton'
import { DetailDrawer } from '@/kit/DetailDrawer'
import { Fields } from '@/kit/Fields'
import { StateTag } from '@/kit/StateTag'
import { conditionOf, LINK_FIELDS, LINK_TONES, type SmsLink } from './link'
import { ObjectForm } from './ObjectForm'
import { useShown } from './useShown'

interface Props {
  link: SmsLink
  onClose: () => void
  onNext: () => void
  onPrevious: () => void
}

/** One link: how it stands with each worker, everything about it, and changing it. */
export function LinkDrawer({ link, ...moves }: Props) {
  const { t } = useTranslation('platform')
  const shown = useShown('link')
  const client = useQueryClient()
  const [isChanging, setChanging] = useState(false)
  const condition = conditionOf(link)
  return (
    <DetailDrawer title={link.name} testId="platform.link" {...moves}>
      <p>
        <StateTag tone={LINK_TONES[condition]}>{t(`link.condition.${condition}`)}</StateTag>{' '}
        {link.detail || t(`link.why.${condition}`)}
      </p>
      <ul className="platform-states">
        {link.connections.map((one) => (
          <li key={one.worker}>
            <code>{one.worker}</code>
            <span>
              {t('link.told', { waiting: one.waiting, flight: one.in_flight })} {one.reason}
            </span>
            <StateTag tone={LINK_TONES[one.condition]}>
              {t(`link.condition.${one.condition}`)}
            </StateTag>
          </li>
        ))}
      </ul>
      <Fields fields={shown(LINK_FIELDS, link)} />
      <div className="mk-actions">
        <Button data-testid="platform.link.change" onClick={() => setChanging(true)}>
          {t('form.open')}
        </Button>
        <ConfirmButton
          label={t('link.remove')}
          level={2}
          danger
          effect={<p>{t('link.removeEffect', { name: link.name })}</p>}
          testId="platform.link.remove"
          onConfirm={async () => {
            await ask('DELETE', '/sms-links/{name}', { params: { name: link.name } })
            moves.onClose()
            await client.invalidateQueries({ queryKey: ['/sms-links'] })
            toast(t('form.removed'))
          }}
        />
      </div>
      {isChanging && (
        <ObjectForm
          about="link"
          path="/sms-links"
          fields={LINK_FIELDS}
          before={link}
          name={link.name}
          effect={t('link.effect')}
          onClose={() => setChanging(false)}
        />
      )}
    </DetailDrawer>
  )
}
