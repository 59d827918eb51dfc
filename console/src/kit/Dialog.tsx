import { Button } from 'antd'
import { createContext, type ReactNode, useContext, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Modal } from './Modal'
import { UnsavedQuestion } from './UnsavedQuestion'
import { unsavedFields } from './unsaved'

interface Props {
  title: string
  children: ReactNode
  /** Without it the dialog can't be left by Escape. */
  onClose?: () => void
  testId?: string
}

const Closing = createContext<(() => void) | undefined>(undefined)

/** A modal dialog. Escape and `CancelButton` ask first about what is unsaved in a form of it. */
export function Dialog({ title, children, onClose, testId }: Props) {
  const box = useRef<HTMLDialogElement>(null)
  const [unsaved, setUnsaved] = useState<string[]>([])
  const close = () => {
    const within = box.current ?? undefined
    const names = unsavedFields({ withBusy: false, within })
    setUnsaved(names)
    if (names.length === 0) onClose?.()
  }
  const stay = () => {
    setUnsaved([])
    // A browser closes a dialog by itself when Escape comes twice without anything between.
    if (box.current && !box.current.open) box.current.showModal()
  }
  return (
    <>
      <Modal title={title} onEscape={onClose && close} box={box} testId={testId}>
        <Closing value={close}>{children}</Closing>
      </Modal>
      {onClose && unsaved.length > 0 && (
        <UnsavedQuestion of="dialog" names={unsaved} onLeave={onClose} onStay={stay} />
      )}
    </>
  )
}

/** Leaves the dialog that it stands in, as Escape does. */
export function CancelButton() {
  const { t } = useTranslation('kit')
  return <Button onClick={useContext(Closing)}>{t('cancel')}</Button>
}
