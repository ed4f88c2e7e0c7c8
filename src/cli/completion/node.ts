/** Option offered by a shell, with its dashes. */
export interface Offer {
  readonly option: string
  readonly summary: string
  /** Kind of its value: none, free text, a file, or one of a few words. */
  readonly value: "none" | "text" | "file" | readonly string[]
}

/** Completions after the words of a command line; for a complete command, `words` are all its words. */
export interface Node {
  readonly words: readonly string[]
  /** The next words, with their descriptions; for an argument, its choices. */
  readonly next: readonly (readonly [word: string, summary: string])[]
  readonly offers: readonly Offer[]
}

/** Returns the options that take the next word as their value, wherever they are. */
export const withValue = (nodes: readonly Node[]): string[] => [
  ...new Set(nodes.flatMap(({ offers }) => offers.filter(({ value }) => value !== "none").map(({ option }) => option))),
]
