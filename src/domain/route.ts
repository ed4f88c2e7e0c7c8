/** Maximum length considered: a longer path is no repeating route. */
const LONGEST = 200

/** A segment that is an id: digits, a UUID, a hash, or a long id with a digit; a verb may follow: `:cancel`. */
const ID =
  /\/(?:\d+|[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}|[\da-f]{12,}|(?=[a-z_-]*\d)[\w-]{16,})(?=(?::[a-z]+)?(?:\/|$))/gi

/** Route of the first 200 characters of a path: no query, and each id as `:id`: `/v1/threads/:id/runs`. */
export const routeOf = (path: string): string => withoutRest(path).replace(ID, "/:id")

function withoutRest(path: string): string {
  const query = path.indexOf("?")
  const end = Math.min(query < 0 ? path.length : query, LONGEST)
  if (end === path.length) return path
  // Copied through bytes: a slice would keep the whole path, which may be long, in memory.
  return Buffer.from(query === end ? path.slice(0, end) : `${path.slice(0, end)}…`).toString()
}
