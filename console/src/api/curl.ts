import { type Asking, urlOf } from './client'

const quoted = (text: string) => `'${text.replaceAll("'", `'\\''`)}'`

/** The same request for a shell; the token is the reader's own. */
export function curlOf(method: string, path: string, asking: Asking = {}): string {
  const parts = ['curl -sS']
  if (method !== 'GET') parts.push(`-X ${method}`)
  parts.push(`-H "Authorization: Bearer $MASKLINE_TOKEN"`)
  if (asking.body !== undefined) {
    parts.push(
      `-H 'Content-Type: application/json'`,
      `--data ${quoted(JSON.stringify(asking.body))}`,
    )
  }
  parts.push(quoted(window.location.origin + urlOf(path, asking)))
  return parts.join(' \\\n  ')
}
