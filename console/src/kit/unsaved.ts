type Field = HTMLInputElement | HTMLSelectElement | HTMLTextAreaElement

const FIELDS = 'input:not([type=hidden]), select, textarea'
/** What a label says besides its name. */
const BESIDES = 'input, select, textarea, datalist, small, code, button'

interface Watched {
  element: HTMLElement
  /** What each field held when it was shown, or saved. */
  first: WeakMap<Field, string>
  isBusy: boolean
}

const watched = new Set<Watched>()

/** From now on this form counts as unsaved while a field of it is not as it was. */
export function watchForm(element: HTMLElement) {
  const form: Watched = { element, first: new WeakMap(), isBusy: false }
  watched.add(form)
  remember(form)
  // Fields that come later are as they were when they get the focus.
  const look = () => remember(form)
  element.addEventListener('focusin', look)
  return {
    stop: () => {
      watched.delete(form)
      element.removeEventListener('focusin', look)
    },
    setBusy: (isBusy: boolean) => {
      form.isBusy = isBusy
    },
    saved: () => {
      form.first = new WeakMap()
      // What the form shows after it was saved stands there only once it was drawn again.
      remember(form)
      requestAnimationFrame(() => {
        form.first = new WeakMap()
        remember(form)
      })
    },
  }
}

interface Which {
  /** Also those of a form that is being sent. */
  withBusy: boolean
  /** Only those in here. */
  within?: Element
}

/** The names of all fields that were changed and not saved. */
export function unsavedFields({ withBusy, within = document.body }: Which): string[] {
  const names = [...watched]
    .filter(({ isBusy, element }) => within.contains(element) && (withBusy || !isBusy))
    .flatMap((form) =>
      fieldsOf(form)
        .filter((field) => isChanged(form, field))
        .map(nameOf),
    )
  return [...new Set(names)]
}

const fieldsOf = ({ element }: Watched) => [...element.querySelectorAll<Field>(FIELDS)]

function remember(form: Watched): void {
  for (const field of fieldsOf(form))
    if (!form.first.has(field)) form.first.set(field, heldBy(field))
}

function isChanged(form: Watched, field: Field): boolean {
  const first = form.first.get(field)
  return first !== undefined && first !== heldBy(field)
}

function heldBy(field: Field): string {
  const isMark =
    field instanceof HTMLInputElement && (field.type === 'checkbox' || field.type === 'radio')
  return isMark ? String(field.checked) : field.value
}

function nameOf(field: Field): string {
  const label = field.labels?.[0]?.cloneNode(true) as HTMLElement | undefined
  for (const one of label?.querySelectorAll(BESIDES) ?? []) one.remove()
  return label?.textContent?.trim() || field.ariaLabel || field.name
}
