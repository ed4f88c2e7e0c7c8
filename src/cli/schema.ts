import type { z } from "zod"

/** What a declaration may say about a field beside its type. */
export interface FieldMeta {
  /** What the field is, in a few words, for the help. */
  readonly label?: string
  /** Given without an option, in the order of the schema. */
  readonly positional?: boolean
  readonly placeholder?: string
  /** Too much for a table: only cards and `--json` show it. */
  readonly detail?: boolean
}

const inner = (schema: z.core.$ZodType): z.core.$ZodType | undefined => {
  const { def } = schema._zod as { def: { type: string; innerType?: z.core.$ZodType; in?: z.core.$ZodType } }
  return def.innerType ?? def.in
}

/** The schema of the value itself: below optional, nullable, default and what is done to it after it was checked. */
export function bare(schema: z.core.$ZodType): z.core.$ZodType {
  const below = inner(schema)
  return below === undefined ? schema : bare(below)
}

/** What was declared about `schema`, at any depth of its wrapping; the outermost word counts. */
export function metaOf(schema: z.core.$ZodType): FieldMeta {
  const below = inner(schema)
  return { ...(below === undefined ? {} : metaOf(below)), ...(schema as z.ZodType).meta() }
}

export const isOptional = (schema: z.core.$ZodType) => (schema as z.ZodType).safeParse(undefined).success

/** The fields of an object schema, by name; none for anything else. */
export function fieldsOf(schema: z.core.$ZodType): Readonly<Record<string, z.core.$ZodType>> {
  const { def } = bare(schema)._zod as { def: { shape?: Record<string, z.core.$ZodType> } }
  return def.shape ?? {}
}

/** The schema of one element of a list; undefined for anything else. */
export function elementOf(schema: z.core.$ZodType): z.core.$ZodType | undefined {
  return (bare(schema)._zod as { def: { element?: z.core.$ZodType } }).def.element
}
