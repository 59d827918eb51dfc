// Writes a .gz and a .br beside every file that is served often and shrinks.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { brotliCompressSync, constants, gzipSync } from 'node:zlib'

const out = fileURLToPath(new URL('../../src/maskline/console/static/', import.meta.url))
const MIN_BYTES = 1024

for (const file of readdirSync(out, { recursive: true })) {
  // The HTML files get a fresh nonce with each answer, so they can't be compressed beforehand.
  if (!/\.(js|css|svg|json)$/.test(file)) continue
  const content = readFileSync(out + file)
  if (content.length < MIN_BYTES) continue
  writeFileSync(`${out}${file}.gz`, gzipSync(content, { level: 9 }))
  writeFileSync(
    `${out}${file}.br`,
    brotliCompressSync(content, { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } }),
  )
}
