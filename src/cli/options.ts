import type { z } from "zod"
import { type CommandLine, didYouMean, type Option, type Options } from "../config/command-line.ts"
import type { Variables } from "../config/paths.ts"
import { type CommandField, commandField } from "../domain/command-line.ts"
import { DeckError } from "../domain/errors.ts"
import { bare, isOptional, metaOf } from "../domain/schema.ts"

/** Field of an operation's input on the command line. */
export interface Field extends CommandField {
  readonly required: boolean
  readonly declared: Option
  /** Possible values, where these are a closed set. */
  readonly choices: readonly string[]
  /** Parses its text; throws for an invalid one. */
  readonly read: (text: string) => unknown
}

/** Returns the fields of `input` in their order, from the schema alone. */
export function fieldsFor(input: z.ZodObject): Field[] {
  return Object.entries(input.shape).map(([name, schema]) => {
    const { label, placeholder, signed } = metaOf(schema)
    const named = commandField(name, schema)
    const { kind } = named
    const isNumber = bare(schema)._zod.def.type === "number"
    const choices = choicesOf(schema)
    const stand = placeholder ?? (choices.join("|") || (isNumber ? "N" : "TEXT"))
    return {
      ...named,
      required: !isOptional(schema),
      declared: {
        kind,
        summary: label ?? "",
        ...(kind === "flag" ? { negatable: true } : { placeholder: stand }),
        ...(signed === true && { signed }),
      },
      choices,
      read: readerFor(schema, choices),
    }
  })
}

/** Returns the options of `fields`, without positional ones. */
export const optionsOf = (fields: readonly Field[]): Options =>
  Object.fromEntries(
    fields
      .filter(field => !field.positional && field.variable === undefined)
      .flatMap(({ option, none, declared }) => [
        [option, declared],
        ...(none === undefined ? [] : [[none, { kind: "flag", summary: `an empty list instead of --${option}` }]]),
      ]),
  )

/** Returns the input of `fields` from `line` and `env`; `line.words` are the positional ones only. */
export function inputFrom(line: CommandLine, fields: readonly Field[], env: Variables = {}): Record<string, unknown> {
  const input: Record<string, unknown> = {}
  const words = [...line.words]
  for (const field of fields) {
    const given = field.positional ? takenBy(field, words) : givenBy(line, field, env)
    if (given !== undefined) input[field.name] = readField(field, given)
    else if (field.required) throw new DeckError("usage", `${nameOf(field)} is missing`, { field: field.name })
  }
  if (words.length > 0) {
    throw new DeckError("usage", `unexpected argument ${words[0]}; one with spaces needs quotes`)
  }
  return input
}

/** Takes the next of the words, or all of them where the field does. */
function takenBy(field: Field, words: string[]): string | undefined {
  if (!field.words || words.length === 0) return words.shift()
  return words.splice(0).join(" ")
}

/** Returns the values of the options of `field` (a list has two), or of its variable unless that is empty. */
function givenBy({ values }: CommandLine, { name, option, none, variable }: Field, env: Variables) {
  if (variable !== undefined) return env[variable] || undefined
  const given = values.get(option)
  if (none === undefined || !values.has(none)) return given
  if (given === undefined) return []
  throw new DeckError("usage", `--${option} and --${none} are mutually exclusive`, { field: name })
}

/** Name of the field for the operator: `--risk-min`, `ID`, or `OPSDECK_SMTP_PASS`. */
export const nameOf = (field: Field) => field.variable ?? (field.positional ? argumentOf(field) : `--${field.option}`)

export const argumentOf = (field: Field) => field.option.toUpperCase()

function readField(field: Field, given: string | boolean | readonly string[]): unknown {
  try {
    if (typeof given === "boolean") return given
    return typeof given === "string" ? field.read(given) : given.map(field.read)
  } catch (error) {
    if (!(error instanceof RangeError)) throw error
    throw new DeckError("usage", `${nameOf(field)}: ${error.message}`, { field: field.name })
  }
}

function readerFor(schema: z.core.$ZodType, choices: readonly string[]): Field["read"] {
  // Number() alone accepts "", for a variable that was left empty, and "0x10" as well.
  if (bare(schema)._zod.def.type === "number") return text => (/^[-+.\de]+$/i.test(text) ? Number(text) : Number.NaN)
  if (choices.length === 0) return text => text
  return text => {
    if (choices.includes(text)) return text
    throw new RangeError(`must be one of ${choices.join(", ")}${didYouMean(text, choices)}`)
  }
}

/** Possible values of the field, where these are a closed set. */
function choicesOf(schema: z.core.$ZodType): string[] {
  const { def } = bare(schema)._zod as { def: { entries?: Record<string, string | number> } }
  return Object.values(def.entries ?? {}).map(String)
}
