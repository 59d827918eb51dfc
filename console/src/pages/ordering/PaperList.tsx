import { useQueryClient } from '@tanstack/react-query'
import { Button } from 'antd'
import { useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { toast } from '@/app/toast'
import { ConfirmButton } from '@/kit/ConfirmButton'
import { ErrorBox } from '@/kit/ErrorBox'
import { formatBytes } from '@/kit/format'
import { StateTag } from '@/kit/StateTag'
import { NONE, TimeText } from '@/kit/Texts'
import { useAction } from '@/kit/useAction'
import { ENTERPRISE, type Enterprise, PAPERS, type Paper } from './ordering'

type Kind = (typeof PAPERS)[number]

const MAX_BYTES = 2_000_000
const MAX_OTHER_BYTES = 20_000_000
const IMAGES = '.jpg,.jpeg,.bmp,.png,.gif,.pdf'

/** The files of an enterprise by what they show. */
export function PaperList({ enterprise, mayEdit }: { enterprise: Enterprise; mayEdit: boolean }) {
  const { t } = useTranslation('ordering')
  return (
    <section className="mk-card">
      <h2>{t('paper.title')}</h2>
      <p className="mk-quiet">{t('paper.limits')}</p>
      <div className="ordering-scroll">
        <table className="ordering-lines">
          <caption className="mk-visually-hidden">{t('paper.title')}</caption>
          <thead>
            <tr>
              <th scope="col">{t('paper.kind')}</th>
              <th scope="col">{t('paper.file')}</th>
              <th scope="col">{t('paper.uploaded')}</th>
              <th scope="col">
                <span className="mk-visually-hidden">{t('paper.actions')}</span>
              </th>
            </tr>
          </thead>
          <tbody>
            {PAPERS.map((kind) => (
              <KindRow key={kind} kind={kind} enterprise={enterprise} mayEdit={mayEdit} />
            ))}
          </tbody>
        </table>
      </div>
    </section>
  )
}

interface RowProps {
  kind: Kind
  enterprise: Enterprise
  mayEdit: boolean
}

function KindRow({ kind, enterprise, mayEdit }: RowProps) {
  const { t } = useTranslation('ordering')
  const papers = enterprise.papers.filter((paper) => paper.kind === kind)
  const isMissing = enterprise.missing.includes(kind)
  if (kind === 'bearer_authority' && !enterprise.is_third_party && !papers.length) return null
  return (
    <tr data-id={kind}>
      <th scope="row">
        {t(`paper.of.${kind}`)} {isMissing && <StateTag tone="warn">{t('paper.missing')}</StateTag>}
      </th>
      <td>
        {papers.map((paper) => (
          <div key={paper.paper_id}>
            {paper.name} <span className="mk-number">{formatBytes(paper.size)}</span>{' '}
            {mayEdit && <Remove enterprise={enterprise} paper={paper} />}
          </div>
        ))}
        {papers.length === 0 && NONE}
      </td>
      <td>
        {papers.map((paper) => (
          <div key={paper.paper_id}>
            <TimeText at={paper.uploaded_at} />
          </div>
        ))}
      </td>
      <td>{mayEdit && <Upload kind={kind} enterprise={enterprise} isNew={!papers.length} />}</td>
    </tr>
  )
}

function Upload({
  kind,
  enterprise,
  isNew,
}: {
  kind: Kind
  enterprise: Enterprise
  isNew: boolean
}) {
  const { t } = useTranslation('ordering')
  const client = useQueryClient()
  const input = useRef<HTMLInputElement>(null)
  const [isLarge, setLarge] = useState(false)
  const { isBusy, error, act } = useAction()
  const isOther = kind === 'other'
  const verb = t(isNew || isOther ? 'paper.upload' : 'paper.replace')
  const name = t('paper.choose', { verb, kind: t(`paper.of.${kind}`) })
  const limit = isOther ? MAX_OTHER_BYTES : MAX_BYTES
  const upload = async (file?: File) => {
    setLarge((file?.size ?? 0) > limit)
    if (!file || file.size > limit) return
    await act(async ({ send }) => {
      await send('POST', `${ENTERPRISE}/papers`, {
        params: { enterprise_id: enterprise.enterprise_id },
        query: { kind, name: file.name },
        file,
        headers: { 'content-type': 'application/octet-stream' },
      })
      toast(t('paper.done'))
      await client.invalidateQueries({ queryKey: [ENTERPRISE] })
    })
  }
  return (
    <>
      <input
        ref={input}
        type="file"
        hidden
        accept={isOther ? `${IMAGES},.rar,.zip` : IMAGES}
        aria-label={name}
        data-testid={`paper.${kind}`}
        onChange={(event) => {
          void upload(event.target.files?.[0])
          event.target.value = ''
        }}
      />
      <Button
        size="small"
        loading={isBusy}
        aria-label={name}
        onClick={() => input.current?.click()}
      >
        {verb}
      </Button>
      {isLarge && (
        <p className="mk-error" role="alert">
          {t('paper.tooLarge', { size: formatBytes(limit) })}
        </p>
      )}
      {error !== null && <ErrorBox error={error} />}
    </>
  )
}

function Remove({ enterprise, paper }: { enterprise: Enterprise; paper: Paper }) {
  const { t } = useTranslation('ordering')
  const client = useQueryClient()
  return (
    <ConfirmButton
      label={t('paper.remove')}
      level={1}
      size="small"
      effect={<p>{paper.name}</p>}
      onConfirm={async ({ send }) => {
        await send('DELETE', `${ENTERPRISE}/papers/{paper_id}`, {
          params: { enterprise_id: enterprise.enterprise_id, paper_id: paper.paper_id },
        })
        await client.invalidateQueries({ queryKey: [ENTERPRISE] })
      }}
    />
  )
}
