// Fails when the two languages differ in their keys, or when a text that the code names is missing.
import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const src = fileURLToPath(new URL('../src/', import.meta.url))
const LANGUAGES = ['zh', 'en']
const PLURAL = /_(zero|one|two|few|many|other)$/
const troubles = []

function keysOf(value, head = '') {
  return Object.entries(value).flatMap(([name, inner]) =>
    typeof inner === 'object' ? keysOf(inner, `${head}${name}.`) : [`${head}${name}`],
  )
}

const texts = {}
for (const language of LANGUAGES) {
  for (const file of readdirSync(`${src}i18n/${language}`)) {
    const area = file.replace(/\.json$/, '')
    texts[area] ??= {}
    const keys = keysOf(JSON.parse(readFileSync(`${src}i18n/${language}/${file}`, 'utf8')))
    texts[area][language] = new Set(keys.map((key) => key.replace(PLURAL, '')))
  }
}

for (const [area, languages] of Object.entries(texts)) {
  for (const language of LANGUAGES) {
    const other = LANGUAGES.find((one) => one !== language)
    for (const key of languages[language] ?? []) {
      if (!languages[other]?.has(key))
        troubles.push(`${area}:${key} is in ${language}, not in ${other}`)
    }
  }
}

const files = readdirSync(src, { recursive: true }).filter((file) => /\.tsx?$/.test(file))
for (const file of files) {
  const code = readFileSync(src + file, 'utf8')
  const area = /useTranslation\(\[?'(\w+)'/.exec(code)?.[1]
  for (const [, key] of code.matchAll(/\bt\(\s*'([\w.:]+)'/g)) {
    const [name, rest] = key.includes(':') ? key.split(':') : [area, key]
    if (name && !texts[name]?.zh?.has(rest))
      troubles.push(`${file}: there is no text ${name}:${rest}`)
  }
}

if (troubles.length) {
  console.error(troubles.join('\n'))
  process.exit(1)
}
