import { useQuery } from '@tanstack/react-query'
import { NoAnswer, readError } from '@/api/error'

export interface JsonSchema {
  $ref?: string
  type?: string | string[]
  format?: string
  description?: string
  properties?: Record<string, JsonSchema>
  required?: string[]
  items?: JsonSchema
  additionalProperties?: JsonSchema | boolean
  anyOf?: JsonSchema[]
  oneOf?: JsonSchema[]
  allOf?: JsonSchema[]
  enum?: unknown[]
  const?: unknown
  default?: unknown
  pattern?: string
  minimum?: number
  maximum?: number
  minLength?: number
  maxLength?: number
}

export interface Parameter {
  name: string
  in: string
  required?: boolean
  description?: string
  schema?: JsonSchema
}

interface Content {
  description?: string
  content?: Record<string, { schema?: JsonSchema }>
}

interface DescribedOperation {
  summary?: string
  description?: string
  parameters?: Parameter[]
  requestBody?: Content
  responses?: Record<string, Content>
}

export interface ApiDocument {
  paths: Record<string, Record<string, DescribedOperation>>
  components?: { schemas?: Record<string, JsonSchema> }
}

export interface Operation extends DescribedOperation {
  method: string
  path: string
}

/** An OpenAPI document of this server; both are for everybody. */
export function useApiDocument(address: string) {
  return useQuery({
    queryKey: ['openapi', address],
    queryFn: () => load(address),
    staleTime: Number.POSITIVE_INFINITY,
  })
}

async function load(address: string): Promise<ApiDocument> {
  let response: Response
  try {
    response = await fetch(address, { headers: { accept: 'application/json' } })
  } catch (error) {
    throw new NoAnswer(error instanceof Error ? error.message : String(error))
  }
  if (!response.ok) throw await readError(response)
  return (await response.json()) as ApiDocument
}

/** The operations whose path or summary has these words, by the first part of their path. */
export function groupsOf(document: ApiDocument, asked: string): [string, Operation[]][] {
  const wanted = asked.toLowerCase()
  const groups = new Map<string, Operation[]>()
  for (const [path, methods] of Object.entries(document.paths)) {
    const group = path.replace(/^\/manage\/v1\//, '').split('/')[0] ?? ''
    for (const [method, operation] of Object.entries(methods)) {
      const text = `${method} ${path} ${operation.summary ?? ''}`.toLowerCase()
      if (!text.includes(wanted)) continue
      groups.set(group, [...(groups.get(group) ?? []), { ...operation, method, path }])
    }
  }
  return [...groups].sort(([a], [b]) => a.localeCompare(b))
}

/** What `$ref` leads to, and its name. */
export function resolve(schema: JsonSchema, document: ApiDocument): [JsonSchema, string?] {
  const name = schema.$ref?.split('/').at(-1)
  if (!name) return [schema]
  return [document.components?.schemas?.[name] ?? {}, name]
}

/** A type in a word or a few: `string`, `"a" | "b"`, `CallView[]`. */
export function typeText(schema: JsonSchema, document: ApiDocument): string {
  const [found, name] = resolve(schema, document)
  if (name) return found.enum ? typeText(found, document) : name
  const forms = schema.anyOf ?? schema.oneOf ?? schema.allOf
  if (forms) return forms.map((one) => typeText(one, document)).join(schema.allOf ? ' & ' : ' | ')
  if (schema.const !== undefined) return JSON.stringify(schema.const)
  if (schema.enum) return schema.enum.map((one) => JSON.stringify(one)).join(' | ')
  if (schema.items) return `(${typeText(schema.items, document)})[]`.replace(/^\((\w+)\)/, '$1')
  const kind = Array.isArray(schema.type) ? schema.type.join(' | ') : schema.type
  return [kind ?? 'any', schema.format].filter(Boolean).join(', ')
}

/** Bounds and default of a value: `1–128 · = 50`. */
export function boundsText(schema: JsonSchema): string {
  const parts: string[] = []
  const range = (from?: number, to?: number) => {
    if (from !== undefined || to !== undefined) parts.push(`${from ?? ''}–${to ?? ''}`)
  }
  range(schema.minLength, schema.maxLength)
  range(schema.minimum, schema.maximum)
  if (schema.pattern) parts.push(schema.pattern)
  if (schema.default !== undefined) parts.push(`= ${JSON.stringify(schema.default)}`)
  return parts.join(' · ')
}

/** The named objects that a value is made of, one step down. */
export function partsOf(schema: JsonSchema, document: ApiDocument): string[] {
  const names = new Set<string>()
  const look = (one: JsonSchema) => {
    const [found, name] = resolve(one, document)
    if (!name) innersOf(one).forEach(look)
    else if (innersOf(found).length > 0) names.add(name)
  }
  innersOf(resolve(schema, document)[0]).forEach(look)
  return [...names]
}

function innersOf(schema: JsonSchema): JsonSchema[] {
  const { properties, items, additionalProperties: more } = schema
  return [
    ...Object.values(properties ?? {}),
    ...(schema.anyOf ?? schema.oneOf ?? schema.allOf ?? []),
    ...(items ? [items] : []),
    ...(more && typeof more === 'object' ? [more] : []),
  ]
}
