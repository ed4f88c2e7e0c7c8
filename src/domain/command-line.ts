import type { z } from "zod"
import { hasInvisible, INVISIBLE } from "./json.ts"
import { bare, metaOf } from "./schema.ts"

/** Field of an operation's input on the command line. */
export interface CommandField {
  /** In the contract's spelling: `risk_min`. */
  readonly name: string
  /** A flag has no value, a list may be repeated. */
  readonly kind: "text" | "flag" | "list"
  /** Its name in kebab case, or as the schema says; for a list, given one by one, the singular: `trusted-cidr`. */
  readonly option: string
  /** Option for an empty list, where that is allowed: `no-trusted-cidrs`. */
  readonly none: string | undefined
  /** Given by its position, not by an option. */
  readonly positional: boolean
  /** Takes all the words that remain, joined by spaces. */
  readonly words: boolean
  /** The environment variable that it is read from, instead of an option: a secret. */
  readonly variable: string | undefined
}

/** Returns the command line's names of the field `name`, from its schema alone. */
export function commandField(name: string, schema: z.core.$ZodType): CommandField {
  const { positional = false, words = false, variable, option = name.replaceAll("_", "-") } = metaOf(schema)
  const type = bare(schema)._zod.def.type
  const kind = type === "boolean" ? "flag" : type === "array" ? "list" : "text"
  const isList = kind === "list"
  return {
    name,
    kind,
    option: isList ? option.replace(/s$/, "") : option,
    none: isList && (schema as z.ZodType).safeParse([]).success ? `no-${option}` : undefined,
    positional,
    words,
    variable,
  }
}

/** Call of a command: its words, and the values of its input. */
export interface CommandCall {
  readonly words: readonly string[]
  readonly input: z.ZodObject
  readonly given: Readonly<Record<string, unknown>>
}

/** The shell's command line of a call, without fields that have no value or, like secrets, no option. */
export function commandLine({ words, input, given }: CommandCall, profile: string | undefined): string {
  const fields = Object.entries(input.shape)
    .map(([name, schema]) => commandField(name, schema as z.ZodType))
    .filter(({ name, variable }) => given[name] !== undefined && variable === undefined)
  const options = fields.filter(field => !field.positional).flatMap(field => optionWords(field, given[field.name]))
  const named = profile === undefined ? [] : option("profile", profile)
  const places = fields.filter(field => field.positional).map(({ name }) => String(given[name]))
  // After -- nothing is taken for an option.
  const end = places.some(place => place.startsWith("-")) ? ["--"] : []
  return ["opsdeck", ...words, ...options, ...named, ...end, ...places].map(quoted).join(" ")
}

function optionWords({ kind, option: name, none }: CommandField, value: unknown): string[] {
  if (kind === "flag") return [value ? `--${name}` : `--no-${name}`]
  if (kind === "text") return option(name, String(value))
  const values = value as readonly unknown[]
  return values.length === 0 && none !== undefined ? [`--${none}`] : values.flatMap(one => option(name, String(one)))
}

/** A value that begins like an option is attached with `=`. */
const option = (name: string, value: string): string[] =>
  value.startsWith("-") ? [`--${name}=${value}`] : [`--${name}`, value]

/** Quotes `word` for a shell: bare, within quotes or, where a terminal may interpret it, as escaped bytes ($'...'). */
export function quoted(word: string): string {
  if (/^[\w@%+=:,./-]+$/.test(word)) return word
  if (!hasInvisible(word)) return `'${word.replaceAll("'", String.raw`'\''`)}'`
  const spelt = word
    .replace(/[\\']/g, String.raw`\$&`)
    .replace(INVISIBLE, character =>
      Array.from(Buffer.from(character), byte => `\\${byte.toString(8).padStart(3, "0")}`).join(""),
    )
  return `$'${spelt}'`
}
