/** One option as a shell offers it: with its dashes. */
export interface Offer {
  readonly option: string
  readonly summary: string
  /** What follows it: nothing, a text that nobody can guess, a file, or one of a few words. */
  readonly value: "none" | "text" | "file" | readonly string[]
}

/** What can be typed after the words of a command line; `words` are all there are where a command is complete. */
export interface Node {
  readonly words: readonly string[]
  /** The words that can come next, with what they mean; for an argument, its choices. */
  readonly next: readonly (readonly [word: string, summary: string])[]
  readonly offers: readonly Offer[]
}

/** The options that take the next word for their value, wherever they stand. */
export const withValue = (nodes: readonly Node[]): string[] => [
  ...new Set(nodes.flatMap(({ offers }) => offers.filter(({ value }) => value !== "none").map(({ option }) => option))),
]
