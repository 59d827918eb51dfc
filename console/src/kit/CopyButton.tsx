import CheckOutlined from '@ant-design/icons/CheckOutlined'
import CopyOutlined from '@ant-design/icons/CopyOutlined'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'

interface Props {
  text: string
  /** What is copied, for people who hear the page. */
  label?: string
}

export function CopyButton({ text, label }: Props) {
  const { t } = useTranslation('kit')
  const [isDone, setDone] = useState(false)
  const copy = async () => {
    await copyText(text)
    setDone(true)
    window.setTimeout(() => setDone(false), 1_500)
  }
  const name = label ? t('copyOf', { what: label }) : t('copy')
  return (
    <button
      type="button"
      className="mk-button is-icon mk-copy"
      aria-label={isDone ? t('copied') : name}
      title={isDone ? t('copied') : name}
      onClick={(event) => {
        event.stopPropagation()
        void copy()
      }}
    >
      {isDone ? <CheckOutlined /> : <CopyOutlined />}
    </button>
  )
}

/** The clipboard of a browser exists on HTTPS and localhost only; elsewhere the old way still works. */
export async function copyText(text: string): Promise<void> {
  if (navigator.clipboard) {
    await navigator.clipboard.writeText(text)
    return
  }
  const area = document.createElement('textarea')
  area.value = text
  document.body.append(area)
  area.select()
  document.execCommand('copy')
  area.remove()
}
