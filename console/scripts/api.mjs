// Writes src/api/schema.d.ts from the OpenAPI document, which needs no running server.
import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import openapiTS, { astToString } from 'openapi-typescript'

const root = fileURLToPath(new URL('../..', import.meta.url))
const ours = `${root}.venv/bin/python`
const python = process.env.PYTHON ?? (existsSync(ours) ? ours : 'python3')
const document = execFileSync(python, ['tools/openapi.py'], {
  cwd: root,
  env: { ...process.env, PYTHONPATH: `${root}src` },
  maxBuffer: 64 * 1024 * 1024,
})
const target = fileURLToPath(new URL('../src/api/schema.d.ts', import.meta.url))
const mark = createHash('sha256').update(document).digest('hex')
const head = `// Written by \`npm run api\` from the OpenAPI document of the management API.\n// sha256 ${mark}\n\n`
writeFileSync(target, head + astToString(await openapiTS(JSON.parse(document))))
