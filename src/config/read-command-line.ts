import meow from "meow"
import { DeckError } from "../domain/errors.ts"
import { type CommandLine, didYouMean, type Option, type Options } from "./command-line.ts"

/** Parses `argv` strictly. Throws DeckError `usage`, for an unknown option with the nearest known one. */
export function readCommandLine(argv: readonly string[], options: Options): CommandLine {
  const [given, after] = split(argv)
  const before = withSigned(given, options)
  refuseMistakes(before, options)
  const { input, flags } = parse(before, options)
  const values = new Map<string, string | boolean | readonly string[]>()
  for (const [name, { kind }] of Object.entries(options)) {
    const given = [flags[keyOf(name)] ?? []].flat() as (string | boolean)[]
    const [first] = given
    if (first === undefined) continue
    if (kind === "list") values.set(name, given as string[])
    else if (given.length > 1) throw new DeckError("usage", `--${name} is given twice`, { field: name })
    else values.set(name, isNegation(name) ? true : first)
  }
  return { words: [...input, ...after], values }
}

/** Returns the leading words of `argv` that belong to no option: the name of a command. An unknown option ends them. */
export function leadingWords(argv: readonly string[], options: Options): string[] {
  const [given] = split(argv)
  const before = withSigned(given, options)
  const known = spellingsOf(options)
  const end = before.findIndex(arg => isOption(arg) && !known.has(spellingIn(arg)))
  return parse(end < 0 ? before : before.slice(0, end), options).input
}

/** Attaches values that begin with one dash to their options: `--sort -created_at` is `--sort=-created_at`. */
function withSigned(argv: readonly string[], options: Options): string[] {
  const isSigned = (arg: string | undefined) => arg?.startsWith("--") === true && options[arg.slice(2)]?.signed === true
  return argv.flatMap((arg, i) => {
    const next = argv[i + 1]
    if (isSigned(argv[i - 1]) && /^-\w/.test(arg)) return []
    return isSigned(arg) && next !== undefined && /^-\w/.test(next) ? [`${arg}=${next}`] : [arg]
  })
}

/** Parses `argv` with meow: the words, and each option's value or list of values under its `keyOf`. */
const parse = (argv: readonly string[], options: Options) =>
  meow({
    importMeta: import.meta,
    // meow removes one pair of quotes from the value in --name=value: this pair, instead of one that was typed.
    argv: argv.map(arg => arg.replace(/^(--[^=]+=)(.*)$/s, '$1"$2"')),
    // Only flags are declared: an undeclared option takes any text, including an empty one.
    flags: Object.fromEntries(
      Object.entries(options)
        .filter(([name, { kind }]) => kind === "flag" && !isNegation(name))
        .map(([name]) => [keyOf(name), { type: "boolean", isMultiple: true }]),
    ),
    booleanDefault: undefined,
    autoHelp: false,
    autoVersion: false,
    // meow sets this as the process title, which `ps` shows.
    pkg: { name: ["opsdeck", ...argv].join(" ") },
  })

/** meow reads `--no-x` as x with the value false, even where an option is called `no-x`. */
const isNegation = (name: string) => name.startsWith("no-")

/** meow's name for the option `name`: `redisUrl` for `redis-url`. */
const keyOf = (name: string) => name.replace(/^no-/, "").replace(/-(\w)/g, (_, letter: string) => letter.toUpperCase())

/** Throws DeckError `usage` for the first option of `argv` that is unknown, lacks a value or has a superfluous one. */
function refuseMistakes(argv: readonly string[], options: Options): void {
  const known = spellingsOf(options)
  for (const [i, arg] of argv.entries()) {
    if (!isOption(arg)) continue
    const [typed = "", inline] = arg.split("=", 2)
    const [name, option] = known.get(spellingIn(arg)) ?? refuseUnknown(typed, known)
    const next = argv[i + 1]
    if (option.kind === "flag") {
      const isValue = inline !== undefined || next === "true" || next === "false"
      if (isValue) throw new DeckError("usage", `${typed} takes no value`, { field: name })
    } else if (inline === undefined && (next === undefined || isOption(next))) {
      const hint = next === undefined ? "" : `; if ${next} is the value, write ${typed}=${next}`
      throw new DeckError("usage", `${typed} needs a value${hint}`, { field: name })
    }
  }
}

function refuseUnknown(typed: string, known: Spellings): never {
  if (!typed.startsWith("--")) {
    const option = typed.slice(0, 2)
    throw new DeckError("usage", `unknown option ${option}; put -- before an argument that begins with a dash`)
  }
  throw new DeckError("usage", `unknown option ${typed}${didYouMean(typed.slice(2), [...known.keys()], "--")}`)
}

/** Accepted spellings, without dashes, with their options: `--no-x` switches the flag `x` off. */
type Spellings = ReadonlyMap<string, readonly [name: string, option: Option]>

const spellingsOf = (options: Options): Spellings =>
  new Map(
    Object.entries(options).flatMap(([name, option]) =>
      (option.negatable ? [name, `no-${name}`] : [name]).map(spelling => [spelling, [name, option]] as const),
    ),
  )

const spellingIn = (arg: string) => /^--([^=]+)/.exec(arg)?.[1] ?? ""

/** Whether an argument is an option: it begins with a dash and is no number. */
const isOption = (arg: string) => arg.startsWith("-") && !/^-(\d+(\.\d+)?|\.\d+)$/.test(arg)

/** Splits `argv` at `--`, after which nothing is an option. */
function split(argv: readonly string[]): [before: readonly string[], after: readonly string[]] {
  const end = argv.indexOf("--")
  return end < 0 ? [argv, []] : [argv.slice(0, end), argv.slice(end + 1)]
}
