import { nearest } from "../domain/nearest.ts"

/** Option of a command line, without its dashes. A `list` may be repeated, a `flag` has no value. */
export interface Option {
  readonly kind: "text" | "flag" | "list"
  readonly summary: string
  /** Name of the value in the help. */
  readonly placeholder?: string
  /** Possible values, where these are a closed set. */
  readonly choices?: readonly string[]
  /** A dash before its value belongs to it: `--sort -created_at`. */
  readonly signed?: boolean
  /** A flag that `--no-NAME` switches off. */
  readonly negatable?: boolean
  /** Words of the only command that it matters to: others take it and do not list it. */
  readonly only?: string
}
export type Options = Readonly<Record<string, Option>>

export interface CommandLine {
  /** Positional words, in order. */
  readonly words: readonly string[]
  readonly values: ReadonlyMap<string, string | boolean | readonly string[]>
}

/** "did you mean" suffix with the candidate nearest to `word`, both after `prefix` as typed; empty for none. */
export function didYouMean(word: string, candidates: readonly string[], prefix = ""): string {
  const meant = nearest(word, candidates)
  return meant === undefined ? "" : `; did you mean ${prefix}${meant}?`
}
