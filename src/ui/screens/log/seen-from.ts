import { useEffect } from "react"
import type { AccessLogEntry } from "../../../domain/access-log.ts"
import { networkAround } from "../../../domain/ip-block.ts"
import { type Shown, show, shown } from "../../../domain/safe-text.ts"
import type { SeenFrom, SeenUser } from "../../../tail/seen-from.ts"
import { menuScreen } from "../../kit/dialog/menu.tsx"
import { type Shell, useScreenState, useShell } from "../../kit/shell.ts"
import { CELL_BYTES } from "../../widgets/cells.ts"
import { age, grouped, shortIds, timeOfDay } from "../../widgets/format.ts"
import { type Piece, piece } from "../../widgets/line.tsx"

type Names = ReadonlyMap<string, string>

/** Line of the entry; one with a key can be selected. */
export interface EntryLine {
  readonly pieces: readonly Piece[]
  /** Id of the user that it leads to. */
  readonly key?: string
}

/** Most users that are listed. */
const MOST = 20

export const hasAddress = ({ client_ip }: AccessLogEntry) => networkAround(client_ip) !== ""

/** Counts who was seen from the address of an entry, once; undefined before that, and where it has no address. */
export function useSeenFrom(entry: AccessLogEntry): SeenFrom | undefined {
  const { tail, names } = useShell()
  const [seen, keep] = useScreenState<SeenFrom | undefined>("seen", () => undefined)
  // biome-ignore lint/correctness/useExhaustiveDependencies: the entry of a screen never changes
  useEffect(() => {
    let isWanted = hasAddress(entry)
    if (isWanted) void tail.seenFrom(entry.client_ip, entry.id).then(found => isWanted && keep(() => found))
    return () => {
      isWanted = false
    }
  }, [])
  useEffect(() => names.request(seen?.users.slice(0, MOST).map(({ userId }) => userId) ?? []), [names, seen])
  return seen
}

const nameOf = (id: string, names: Names): Shown => show(names.get(id) ?? shortIds(id), CELL_BYTES)
const requestsOf = (count: number): Shown => (count === 1 ? shown`1 request` : shown`${grouped(count)} requests`)

/** Draws who was seen from the address of an entry, each a line that leads to the user. */
export function seenLines(
  seen: SeenFrom | undefined,
  { client_ip, user_id }: AccessLogEntry,
  names: Names,
): EntryLine[] {
  if (seen === undefined) return []
  const { requests, users, since, isIncluded } = seen
  const known = users.reduce((sum, user) => sum + user.requests, 0)
  const from = since === null ? shown`` : shown` since ${timeOfDay(since)}`
  const without = requests > known ? shown`, ${grouped(requests - known)} without a user` : shown``
  const others = users.length === 0 ? shown`, no signed-in users` : without
  const heading = shown` Seen from ${show(client_ip)}${from}: ${requestsOf(requests)}${others}`
  const more =
    users.length > MOST ? [{ pieces: [piece(shown`   and ${grouped(users.length - MOST)} more`, "dim")] }] : []
  return [
    { pieces: [piece(heading, "dim")] },
    ...(isIncluded ? [] : [{ pieces: [piece(shown`   this request is older, and none of these`, "dim")] }]),
    ...users.slice(0, MOST).map(({ userId, requests, last }) => ({
      key: userId,
      pieces: [
        piece(shown`   `),
        piece(nameOf(userId, names)),
        piece(shown`  ${requestsOf(requests)}, last ${timeOfDay(last)}`, "dim"),
        ...(userId === user_id ? [piece(shown`  this request's`, "dim")] : []),
      ],
    })),
    ...more,
    { pieces: [] },
  ]
}

/** Whether a request is one to sign in or to stay so, which names no user itself. */
export const isSignIn = ({ path }: AccessLogEntry) => path.startsWith("/v1/auth/")

/** A user, and how long after a sign-in their request from the same address came, in ms; negative for before it. */
interface Near extends SeenUser {
  readonly distance: number
}

/** Returns the users who came next after a moment (ms since the epoch), the nearest first; where nobody did, those before it. */
function nearest(users: readonly SeenUser[], ms: number): Near[] {
  const later = users.flatMap(user => (user.firstAfter === null ? [] : [{ ...user, distance: user.firstAfter - ms }]))
  if (later.length > 0) return later.toSorted((a, b) => a.distance - b.distance)
  return users.map(user => ({ ...user, distance: user.last - ms })).toSorted((a, b) => b.distance - a.distance)
}

/** Where users were seen, for the operator. */
interface Place {
  /** Address or network. */
  readonly at: string
  readonly kind: "address" | "network"
}

/**
 * Opens the user whose request came from the address of a sign-in first after it, as far as the log holds such, else last
 * before it; where nobody was seen from the address, from its network. Asks which where there are several. Says how the user
 * was found.
 */
export async function openSignedIn({ client_ip, id }: AccessLogEntry, shell: Shell): Promise<void> {
  const ms = Number(id.split("-")[0])
  const places: Place[] = [
    { at: client_ip, kind: "address" },
    { at: networkAround(client_ip), kind: "network" },
  ]
  for (const place of places) {
    const near = nearest((await shell.tail.seenFrom(place.at, id)).users, ms)
    if (near.length > 0) {
      return openOne(near, place, ({ distance }) => when(distance), shell)
    }
  }
  shell.say(shown`no signed-in user was seen from ${show(client_ip, CELL_BYTES)} or its network`, "look")
}

/** Opens the user who was seen from an address or a network; asks which where there are several. */
export async function openSeenFrom(place: Place, shell: Shell): Promise<void> {
  const { users } = await shell.tail.seenFrom(place.at, NO_ENTRY)
  if (users.length === 0) return shell.say(shown`no signed-in user was seen from ${show(place.at)}`, "look")
  await openOne(users, place, ({ last }) => shown`last at ${timeOfDay(last)}`, shell)
}

const NO_ENTRY = "0-0"

/** Opens the only one of `users`, or asks which; `told` says when each was seen. */
async function openOne<User extends SeenUser>(
  users: readonly User[],
  { at, kind }: Place,
  told: (user: User) => Shown,
  shell: Shell,
): Promise<void> {
  const open = (user: User) => {
    shell.open("user", { id: user.userId })
    shell.say(shown`matched by ${show(kind)}: this user was seen from ${show(at, CELL_BYTES)} ${told(user)}`)
  }
  const [first] = users
  if (first !== undefined && users.length === 1) return open(first)
  const names = await namesOf(
    users.map(({ userId }) => userId),
    shell,
  )
  const items = users.map(user => ({
    text: shown`${nameOf(user.userId, names)}  ${told(user)}, ${requestsOf(user.requests)}`,
    take: () => open(user),
  }))
  shell.push(menuScreen, { title: `Users from ${at}`, items })
}

/** Returns `3s later`, or `2m earlier`. */
const when = (ms: number): Shown =>
  ms < 0 ? shown`${age(-ms)} earlier` : ms < 1000 ? shown`within a second` : shown`${age(ms)} later`

/** Draws `Alice Liddell  12 requests`. */
export const signedInText = (id: string, requests: number, names: Names): Shown =>
  shown`${nameOf(id, names)}  ${requestsOf(requests)}`

/** Returns the names of users; without PostgreSQL those that are known already. */
export async function namesOf(
  users: readonly string[],
  { deck, names }: Pick<Shell, "deck" | "names">,
): Promise<Names> {
  const known = names.states.snapshot.byId
  const ids = users.filter(id => !known.has(id))
  if (ids.length === 0) return known
  try {
    const { lookUpNames } = await import("../../../services/users/user-names.ts")
    return new Map([...known, ...(await deck.run(lookUpNames, { ids }))])
  } catch {
    return known
  }
}
