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
 * The one of `candidates` that `word` was probably meant to be, as the end of a message; empty when none is near. Both were
 * typed behind `prefix`.
 */
export function didYouMean(word: string, candidates: readonly string[], prefix = ""): string {
  const meant = nearest(word, candidates)
  return meant === undefined ? "" : `; did you mean ${prefix}${meant}?`
}
