import { useTranslation } from 'react-i18next'
import type { Asking } from '@/api/client'
import { curlOf } from '@/api/curl'
import { toast } from '@/app/toast'
import { copyText } from './CopyButton'

interface Props {
  method?: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
  path: string
  asking?: Asking
}

/** What this page asks, as a command that anybody with a token can run. */
export function CopyCurl({ method = 'GET', path, asking }: Props) {
  const { t } = useTranslation('kit')
  const copy = async () => {
    await copyText(curlOf(method, path, asking))
    toast(t('curl.copied'))
  }
  return (
    <button
      type="button"
      className="mk-button is-quiet"
      data-testid="kit.curl"
      onClick={() => void copy()}
    >
      {t('curl.copy')}
    </button>
  )
}
