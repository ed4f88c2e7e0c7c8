/** Indexes of the matched letters, and the rank of the match: smaller is better. */
export interface Match {
  readonly rank: number
  readonly at: readonly number[]
}

/** Most letters of a search. */
const MOST_LETTERS = 60

/** Beginning of a word. */
const WORD = String.raw`(?<![\p{L}\p{N}])`
const quoted = (letter: string) => letter.replace(/[\\^$.*+?()[\]{}|/]/, "\\$&")

/**
 * Finds `typed` in `text`, in any case. Best first: at the beginning, at the beginning of a word, as the beginnings of
 * several words (`nb` or `new ba` in `new batch`), anywhere in one piece, its letters in order. Spaces are optional.
 */
export function match(typed: string, text: string): Match | undefined {
  const wanted = Array.from(typed.trim(), quoted)
  const letters = wanted.filter(letter => letter !== " ")
  if (letters.length > MOST_LETTERS) return undefined
  const inOnePiece = wanted.map(letter => `(${letter})`).join("")
  const ways = [
    `^${inOnePiece}`,
    `${WORD}${inOnePiece}`,
    `${WORD}${letters.map(letter => `(${letter})`).join(`(?:|.*?${WORD})`)}`,
    inOnePiece,
    // Without a choice where a letter is found, or what is not there would take forever.
    letters.map(letter => `(?:(?!${letter}).)*(${letter})`).join(""),
  ]
  for (const [rank, way] of ways.entries()) {
    const places = new RegExp(way, "disu").exec(text)?.indices
    if (places) return { rank, at: places.slice(1).map(place => (place as [number, number])[0]) }
  }
  return undefined
}
