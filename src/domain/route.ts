/** What is longer names nothing that repeats: the rest of it is left out. */
const LONGEST = 200

/**
 * A segment that names one of many: digits alone, a UUID, a hash, or another long id with a digit in it. A verb may
 * follow it, such as `:cancel`.
 */
const ID =
  /\/(?:\d+|[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}|[\da-f]{12,}|(?=[a-z_-]*\d)[\w-]{16,})(?=(?::[a-z]+)?(?:\/|$))/gi

/**
 * The path without what differs from one request to the next: no query, and each segment that is an id stands as
 * `:id`, as in `/v1/threads/:id/runs`. At most 200 characters of it are looked at; "…" stands for the rest.
 */
export const routeOf = (path: string): string => withoutRest(path).replace(ID, "/:id")

function withoutRest(path: string): string {
  const query = path.indexOf("?")
  const end = Math.min(query < 0 ? path.length : query, LONGEST)
  if (end === path.length) return path
  // Through bytes: a slice would hold on to the whole, which may be long.
  return Buffer.from(query === end ? path.slice(0, end) : `${path.slice(0, end)}…`).toString()
}
