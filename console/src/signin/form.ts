type Child = Node | string | false | undefined

/** An element with attributes and children; text is never read as HTML. */
export function make<Tag extends keyof HTMLElementTagNameMap>(
  tag: Tag,
  attributes: Record<string, string | boolean> = {},
  ...children: Child[]
): HTMLElementTagNameMap[Tag] {
  const element = document.createElement(tag)
  for (const [name, value] of Object.entries(attributes)) {
    if (value !== false) element.setAttribute(name, value === true ? '' : value)
  }
  element.append(...children.filter((child): child is Node | string => Boolean(child)))
  return element
}

/** A labelled field of a form. */
export function field(
  label: string,
  attributes: Record<string, string | boolean>,
): HTMLLabelElement {
  return make(
    'label',
    {},
    label,
    make('input', { required: true, 'data-testid': `signin.${attributes.name}`, ...attributes }),
  )
}

export function values(form: HTMLFormElement): Record<string, string> {
  return Object.fromEntries([...new FormData(form)].map(([name, value]) => [name, String(value)]))
}
