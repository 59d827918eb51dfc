// Fails when a page would load more than its budget. Sizes are of gzip, as most clients get them.
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { gzipSync } from 'node:zlib'

const out = fileURLToPath(new URL('../../src/maskline/console/static/', import.meta.url))
const manifest = JSON.parse(readFileSync(`${out}.vite/manifest.json`, 'utf8'))
const SIGN_IN_KB = 20
const FIRST_KB = 240
const PAGE_KB = 40
/** Libraries that come with the first page that needs them, and are no page's own code. */
const LATER = /echarts|antd|rc-|worklet/

const sizes = new Map()
const sizeOf = (file) => {
  if (!sizes.has(file))
    sizes.set(file, gzipSync(readFileSync(out + file), { level: 9 }).length / 1000)
  return sizes.get(file)
}

/** Every file that an entry of the manifest loads at once. */
function filesOf(key, seen = new Set()) {
  if (seen.has(key)) return new Set()
  seen.add(key)
  const entry = manifest[key]
  const files = new Set([entry.file, ...(entry.css ?? [])])
  for (const inner of entry.imports ?? []) for (const file of filesOf(inner, seen)) files.add(file)
  return files
}

const total = (files) => [...files].reduce((sum, file) => sum + sizeOf(file), 0)

const first = filesOf('index.html')
for (const key of Object.keys(manifest)) {
  const isFirst =
    /i18n\/zh\/(shell|kit|overview)\.json$/.test(key) || /antd.*locale\/zh_CN/.test(key)
  if (isFirst || /pages\/overview\/OverviewPage/.test(key))
    for (const file of filesOf(key)) first.add(file)
}
const checks = [
  ['sign-in', total(filesOf('signin.html')), SIGN_IN_KB],
  ['first load', total(first), FIRST_KB],
]
for (const [key, entry] of Object.entries(manifest)) {
  if (/^src\/pages\/.*\.tsx$/.test(key) && !LATER.test(entry.file))
    checks.push([key, sizeOf(entry.file), PAGE_KB])
}
let isOver = false
for (const [name, size, limit] of checks) {
  const verdict = size > limit ? 'TOO MUCH' : 'ok'
  isOver ||= size > limit
  console.log(`${name.padEnd(48)} ${size.toFixed(1).padStart(7)} kB of ${limit} ${verdict}`)
}
process.exit(isOver ? 1 : 0)
