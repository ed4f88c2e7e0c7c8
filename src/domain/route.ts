/** Maximum length considered: a longer path is no repeating route. */
const LONGEST = 200

/** A segment that is an id: digits, a UUID, a hash, or a long id with a digit; a verb may follow: `:cancel`. */
const ID =
  /\/(?:\d+|[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}|[\da-f]{12,}|(?=[a-z_-]*\d)[\w-]{16,})(?=(?::[a-z]+)?(?:\/|$))/gi

/** Route of the first 200 characters of a path: no query, and each id as `:id`: `/v1/threads/:id/runs`. */
export const routeOf = (path: string): string => withoutRest(path).replace(ID, "/:id")

/** What a byte may belong to, in bits: numbers, hashes, and words, as long ids are. */
const DIGIT = 1
const HEX = 2
const WORD = 4
const OTHER = 8
const KIND_OF_BYTE = Uint8Array.from({ length: 256 }, (_, byte) => {
  const character = String.fromCharCode(byte)
  return /\d/.test(character) ? DIGIT : /[a-f]/i.test(character) ? HEX : /[a-z_-]/i.test(character) ? WORD : OTHER
})

const SLASH = 47
const QUESTION = 63
const ID_TEXT = Buffer.from(":id")

/** Whether a segment of these kinds of bytes is an id; not the few that are none of the usual ones. */
const isUsualId = (kinds: number, length: number) =>
  kinds === DIGIT ||
  ((kinds & (WORD | OTHER)) === 0 && length >= 12) ||
  ((kinds & OTHER) === 0 && (kinds & DIGIT) !== 0 && length >= 16)

/**
 * Copies the bytes of a path `into` a buffer, without the query, and with the usual ids as `:id` already: the route is the
 * same, and so, nearly always, are the bytes of all paths of a route. Returns their number; -1 for a path that is too long.
 */
export function shortenPath(bytes: Buffer, from: number, to: number, into: Buffer): number {
  let length = 0
  let segment = -1
  let kinds = 0
  for (let i = from; ; i++) {
    const byte = i < to ? bytes[i]! : QUESTION
    if (byte === SLASH || byte === QUESTION) {
      if (segment >= 0 && isUsualId(kinds, length - segment)) {
        for (let at = 0; at < ID_TEXT.length; at++) into[segment + at] = ID_TEXT[at]!
        length = segment + ID_TEXT.length
      }
      if (byte === QUESTION) return length <= LONGEST ? length : -1
      segment = length + 1
      kinds = 0
    } else kinds |= KIND_OF_BYTE[byte]!
    if (i - from === LONGEST) return -1
    into[length++] = byte
  }
}

function withoutRest(path: string): string {
  const query = path.indexOf("?")
  const end = Math.min(query < 0 ? path.length : query, LONGEST)
  if (end === path.length) return path
  // Copied through bytes: a slice would keep the whole path, which may be long, in memory.
  return Buffer.from(query === end ? path.slice(0, end) : `${path.slice(0, end)}…`).toString()
}
