import { Button } from 'antd'
import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { ask } from '@/api/client'
import { ErrorBox } from '@/kit/ErrorBox'
import { formatBytes } from '@/kit/format'
import { useAction } from '@/kit/useAction'
import { ENTERPRISE, type Enterprise, type Paper } from './ordering'

/** The files of an enterprise, opened one by one: each look is recorded. */
export function PaperViewer({ enterprise }: { enterprise: Enterprise }) {
  const { t } = useTranslation('ordering')
  return (
    <section>
      <h3>{t('paper.title')}</h3>
      {enterprise.papers.map((paper) => (
        <OnePaper key={paper.paper_id} enterpriseId={enterprise.enterprise_id} paper={paper} />
      ))}
    </section>
  )
}

function OnePaper({ enterpriseId, paper }: { enterpriseId: string; paper: Paper }) {
  const { t } = useTranslation('ordering')
  const [address, setAddress] = useState<string>()
  const { isBusy, error, act } = useAction()
  useEffect(() => () => URL.revokeObjectURL(address ?? ''), [address])
  const kind = t(`paper.of.${paper.kind}`)
  const open = () =>
    act(async () => {
      const content = await ask<Blob>('GET', `${ENTERPRISE}/papers/{paper_id}`, {
        params: { enterprise_id: enterpriseId, paper_id: paper.paper_id },
        headers: { accept: '*/*' },
      })
      // The type is what the server found in the content, never what the file says of itself.
      setAddress(URL.createObjectURL(new Blob([content], { type: paper.media_type })))
    })
  return (
    <div data-id={paper.paper_id}>
      <p>
        <strong>{kind}</strong> {paper.name}{' '}
        <span className="mk-number">{formatBytes(paper.size)}</span>{' '}
        {!address && (
          <Button
            size="small"
            loading={isBusy}
            aria-label={t('paper.look', { kind })}
            data-testid={`reviews.paper.${paper.kind}`}
            onClick={() => void open()}
          >
            {t('paper.view')}
          </Button>
        )}
      </p>
      {error !== null && <ErrorBox error={error} />}
      {address && paper.media_type.startsWith('image/') && (
        <img className="ordering-paper" src={address} alt={kind} />
      )}
      {address && !paper.media_type.startsWith('image/') && (
        <a className="mk-button" href={address} download={paper.name}>
          {t('paper.download')}
        </a>
      )}
    </div>
  )
}
