import type { z } from "zod"

interface Wrapping {
  readonly innerType?: z.core.$ZodType
  readonly in?: z.core.$ZodType
  readonly out?: z.core.$ZodType
}

const inner = (schema: z.core.$ZodType): z.core.$ZodType | undefined => {
  const { innerType, in: before, out } = schema._zod.def as Wrapping
  // The input of a preprocessing step is declared by the schema after it.
  return innerType ?? (before?._zod.def.type === "transform" ? out : before)
}

/** Returns the schema of the value itself: without optional, nullable, default and transforms. */
export function bare(schema: z.core.$ZodType): z.core.$ZodType {
  const below = inner(schema)
  return below === undefined ? schema : bare(below)
}

/** Returns the metadata of `schema`, at any depth of its wrapping; the outermost wins. */
export function metaOf(schema: z.core.$ZodType): z.GlobalMeta {
  const below = inner(schema)
  return { ...(below === undefined ? {} : metaOf(below)), ...(schema as z.ZodType).meta() }
}

/** Returns the label of the field `name` of an object schema; its name where none is declared. */
export const labelOf = (schema: z.core.$ZodType, name: string): string => {
  const field = fieldsOf(schema)[name]
  return (field && metaOf(field).label) ?? name
}

export const isOptional = (schema: z.core.$ZodType) => (schema as z.ZodType).safeParse(undefined).success

/** Returns the fields of an object schema, by name; none for anything else. */
export function fieldsOf(schema: z.core.$ZodType): Readonly<Record<string, z.core.$ZodType>> {
  const { def } = bare(schema)._zod as { def: { shape?: Record<string, z.core.$ZodType> } }
  return def.shape ?? {}
}

/** Returns the element schema of a list; undefined for anything else. */
function elementOf(schema: z.core.$ZodType): z.core.$ZodType | undefined {
  return (bare(schema)._zod as { def: { element?: z.core.$ZodType } }).def.element
}

/** Returns the row schema of a list's answer; undefined for any other answer. */
export function listedRow(answer: z.core.$ZodType): z.core.$ZodType | undefined {
  const { data } = fieldsOf(answer)
  return data && elementOf(data)
}

/** Returns the row schemas of the lists of records in an answer, by name. */
export const listsOf = (answer: z.core.$ZodType): [name: string, row: z.core.$ZodType][] =>
  Object.entries(fieldsOf(answer)).flatMap(([name, field]): [string, z.core.$ZodType][] => {
    const row = elementOf(field)
    return row !== undefined && Object.keys(fieldsOf(row)).length > 0 ? [[name, row]] : []
  })

/** Cuts `value` to what the schema declares, at any depth, in the schema's order; nothing is checked. */
export function declaredOf(schema: z.core.$ZodType, value: unknown): unknown {
  const element = elementOf(schema)
  if (element !== undefined && Array.isArray(value)) return value.map(part => declaredOf(element, part))
  const fields = Object.entries(fieldsOf(schema))
  if (fields.length === 0 || typeof value !== "object" || value === null) return value
  const held = value as Readonly<Record<string, unknown>>
  return Object.fromEntries(
    fields.filter(([name]) => Object.hasOwn(held, name)).map(([name, field]) => [name, declaredOf(field, held[name])]),
  )
}
