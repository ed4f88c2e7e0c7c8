/** What is longer stands for nothing that repeats: the rest of it is left out. */
const LONGEST = 200
/** A segment that names one of many: digits alone, a UUID, a hash, a prefixed or an otherwise long mixed id. */
const ID = /^(?:\d+|[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}|[\da-f]{12,}|(?=[^/]*\d)[\w-]{16,})$/i
const REMEMBERED = 1024

const known = new Map<string, string>()

/**
 * The path without what differs from one request to the next: no query, and each segment that is an id stands as
 * `:id`, as in `/v1/threads/:id/runs`. At most 200 characters and "…".
 */
export function routeOf(path: string): string {
  const route = known.get(path)
  if (route !== undefined) return route
  const folded = fold(path)
  if (known.size === REMEMBERED) known.clear()
  if (path.length <= LONGEST) known.set(path, folded)
  return folded
}

function fold(path: string): string {
  const [whole = ""] = path.split("?", 1)
  const head = whole.length > LONGEST ? `${whole.slice(0, LONGEST)}…` : whole
  const segments = head.split("/").map(segment => (ID.test(segment) ? ":id" : segment))
  return segments.join("/")
}
