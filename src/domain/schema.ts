import type { z } from "zod"

interface Wrapping {
  readonly innerType?: z.core.$ZodType
  readonly in?: z.core.$ZodType
  readonly out?: z.core.$ZodType
}

const inner = (schema: z.core.$ZodType): z.core.$ZodType | undefined => {
  const { innerType, in: before, out } = schema._zod.def as Wrapping
  // What is only made ready for the checks is declared by them.
  return innerType ?? (before?._zod.def.type === "transform" ? out : before)
}

/** The schema of the value itself: below optional, nullable, default and what is done to it after it was checked. */
export function bare(schema: z.core.$ZodType): z.core.$ZodType {
  const below = inner(schema)
  return below === undefined ? schema : bare(below)
}

/** What was declared about `schema`, at any depth of its wrapping; the outermost word counts. */
export function metaOf(schema: z.core.$ZodType): z.GlobalMeta {
  const below = inner(schema)
  return { ...(below === undefined ? {} : metaOf(below)), ...(schema as z.ZodType).meta() }
}

/** What people call the field `name` of an object schema; its name where nothing is declared. */
export const labelOf = (schema: z.core.$ZodType, name: string): string => {
  const field = fieldsOf(schema)[name]
  return (field && metaOf(field).label) ?? name
}

export const isOptional = (schema: z.core.$ZodType) => (schema as z.ZodType).safeParse(undefined).success

/** The fields of an object schema, by name; none for anything else. */
export function fieldsOf(schema: z.core.$ZodType): Readonly<Record<string, z.core.$ZodType>> {
  const { def } = bare(schema)._zod as { def: { shape?: Record<string, z.core.$ZodType> } }
  return def.shape ?? {}
}

/** The schema of one element of a list; undefined for anything else. */
function elementOf(schema: z.core.$ZodType): z.core.$ZodType | undefined {
  return (bare(schema)._zod as { def: { element?: z.core.$ZodType } }).def.element
}

/** The schema of the rows of an answer that lists some; undefined for any other answer. */
export function listedRow(answer: z.core.$ZodType): z.core.$ZodType | undefined {
  const { data } = fieldsOf(answer)
  return data && elementOf(data)
}

/** What of `value` the schema declares, at any depth, in the order in which it declares it; nothing is checked. */
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
