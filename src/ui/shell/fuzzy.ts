/** Indexes of the matched letters, and the rank of the match: smaller is better. */
export interface Match {
  readonly rank: number
  readonly at: readonly number[]
}

/** Most letters of a search. */
const MOST_LETTERS = 60

/**
 * Finds `typed` in `text`, in any case. Best first: at the beginning, at the beginning of a word, as the beginnings of
 * several words (`nb` or `new ba` in `new batch`), anywhere in one piece, its letters in order. Spaces are optional.
 */
export function match(typed: string, text: string): Match | undefined {
  const [wanted, all] = [typed.trim().toLowerCase(), text.toLowerCase()]
  const letters = wanted.replaceAll(" ", "")
  if (letters.length > MOST_LETTERS) return undefined
  const inOnePiece = placesOf(wanted, all)
  const begins = inOnePiece.find(at => isWordStart(all, at))
  const ways = [
    begins === 0 ? run(0, wanted) : undefined,
    begins === undefined ? undefined : run(begins, wanted),
    alongWords(letters, all, 0),
    inOnePiece[0] === undefined ? undefined : run(inOnePiece[0], wanted),
    inOrder(letters, all),
  ]
  const rank = ways.findIndex(at => at !== undefined)
  return rank < 0 ? undefined : { rank, at: ways[rank] as readonly number[] }
}

function placesOf(wanted: string, text: string): number[] {
  const places: number[] = []
  for (let at = text.indexOf(wanted); at >= 0 && at < text.length; at = text.indexOf(wanted, at + 1)) places.push(at)
  return places
}

const run = (from: number, wanted: string) => Array.from(wanted, (_, index) => from + index)

const isWordStart = (text: string, at: number) => at === 0 || /[^\p{L}\p{N}]/u.test(text.charAt(at - 1))

/** Finds each letter right after the one before it, or at the beginning of a word. */
function alongWords(letters: string, text: string, from: number, running = false): number[] | undefined {
  if (letters === "") return []
  for (let at = text.indexOf(letters.charAt(0), from); at >= 0; at = text.indexOf(letters.charAt(0), at + 1)) {
    if (!(running && at === from) && !isWordStart(text, at)) continue
    const others = alongWords(letters.slice(1), text, at + 1, true)
    if (others) return [at, ...others]
  }
  return undefined
}

function inOrder(letters: string, text: string): number[] | undefined {
  const found: number[] = []
  for (const letter of letters) {
    const at = text.indexOf(letter, (found.at(-1) ?? -1) + 1)
    if (at < 0) return undefined
    found.push(at)
  }
  return found
}
