import { parseArgs } from "node:util"
import { DeckError } from "../domain/errors.ts"
import { nearest } from "../domain/nearest.ts"

/** One option of a command line, without its dashes. `list` may be repeated, `flag` has no value. */
export interface Option {
  readonly kind: "text" | "flag" | "list"
  readonly summary: string
  /** What the value is called in the help. */
  readonly placeholder?: string
  /** What the value can be, where that is a closed set. */
  readonly choices?: readonly string[]
  /** A flag that `--no-NAME` switches off. */
  readonly negatable?: boolean
}
export type Options = Readonly<Record<string, Option>>

export interface CommandLine {
  /** What is no option, in order. */
  readonly words: readonly string[]
  readonly values: ReadonlyMap<string, string | boolean | readonly string[]>
}

/**
 * Reads `argv` strictly: an unknown option, one without its value, one with a value that it does not take, or one
 * given twice is a DeckError `usage` that names the option and, where it is unknown, the nearest right one.
 */
export function readCommandLine(argv: readonly string[], options: Options): CommandLine {
  const values = new Map<string, string | boolean | string[]>()
  const words: string[] = []
  for (const token of tokensOf(argv, options)) {
    if (token.kind === "positional") words.push(token.value)
    if (token.kind !== "option") continue
    const [name, option, on] = lookUp(token, options)
    const { value } = token
    if (option.kind === "flag") {
      if (value !== undefined) throw new DeckError("usage", `${token.rawName} takes no value`, { field: name })
    } else if (value === undefined || (!token.inlineValue && /^-\D/.test(value))) {
      const hint = value === undefined ? "" : `; if ${value} is the value, write ${token.rawName}=${value}`
      throw new DeckError("usage", `${token.rawName} needs a value${hint}`, { field: name })
    }
    const earlier = values.get(name)
    if (option.kind === "list") values.set(name, [...((earlier as string[] | undefined) ?? []), value as string])
    else if (earlier !== undefined) throw new DeckError("usage", `--${name} is given twice`, { field: name })
    else values.set(name, value ?? on)
  }
  return { words, values }
}

/** The words at the start of `argv` that belong to no option: what names a command. Options unknown so far end them. */
export function leadingWords(argv: readonly string[], options: Options): string[] {
  const words: string[] = []
  for (const token of tokensOf(argv, options)) {
    if (token.kind === "option" && !Object.hasOwn(options, token.name)) break
    if (token.kind === "option-terminator") break
    if (token.kind === "positional") words.push(token.value)
  }
  return words
}

/**
 * The one of `candidates` that `word` was probably meant to be, as the end of a message; empty when none is near. Both were
 * typed behind `prefix`.
 */
export function didYouMean(word: string, candidates: readonly string[], prefix = ""): string {
  const meant = nearest(word, candidates)
  return meant === undefined ? "" : `; did you mean ${prefix}${meant}?`
}

const tokensOf = (argv: readonly string[], options: Options) =>
  parseArgs({
    args: [...argv],
    strict: false,
    tokens: true,
    options: Object.fromEntries(
      Object.entries(options).map(([name, { kind }]) => [name, { type: kind === "flag" ? "boolean" : "string" }]),
    ),
  }).tokens

function lookUp(token: { name: string; rawName: string }, options: Options): [string, Option, boolean] {
  const { name, rawName } = token
  const option = Object.hasOwn(options, name) ? options[name] : undefined
  if (option && rawName === `--${name}`) return [name, option, true]
  const positive = name.replace(/^no-/, "")
  const negated = Object.hasOwn(options, positive) ? options[positive] : undefined
  if (negated?.negatable) return [positive, negated, false]
  if (!rawName.startsWith("--")) {
    throw new DeckError("usage", `unknown option ${rawName}; put -- before an argument that begins with a dash`)
  }
  const known = Object.entries(options).flatMap(([known, { negatable }]) =>
    negatable ? [known, `no-${known}`] : [known],
  )
  throw new DeckError("usage", `unknown option ${rawName}${didYouMean(name, known, "--")}`)
}
