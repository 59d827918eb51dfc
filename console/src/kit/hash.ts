/** Scroll to what the address names behind its `#`; for content that came after the page. */
export function showHash(): void {
  const id = decodeURIComponent(window.location.hash.slice(1))
  if (id) document.getElementById(id)?.scrollIntoView()
}
