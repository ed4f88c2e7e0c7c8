/** Inviter of each account. */
export type Inviters = ReadonlyMap<string, string>

/**
 * Returns the rings among these invitations, by each of their members: accounts that invited one another in a circle,
 * in the order of inviting, starting with any of them. An account has one inviter, so that the way up meets one ring at
 * most.
 */
export function ringsOf(inviters: Inviters): ReadonlyMap<string, readonly string[]> {
  const rings = new Map<string, readonly string[]>()
  const metFrom = new Map<string, string>()
  for (const start of inviters.keys()) {
    const way: string[] = []
    let at: string | undefined = start
    for (; at !== undefined && !metFrom.has(at); at = inviters.get(at)) {
      metFrom.set(at, start)
      way.push(at)
    }
    if (at === undefined || metFrom.get(at) !== start) continue
    const ring = way.slice(way.indexOf(at)).reverse()
    for (const member of ring) rings.set(member, ring)
  }
  return rings
}

/** The inviters of an account, up to the end. */
export interface InviterPath {
  /** Inviters, the nearest first, up to the first or to a member of a ring; empty for a member of a ring. */
  readonly above: readonly string[]
  /** The ring at the end, in the order of inviting, beginning with the account where it was entered. */
  readonly ring: readonly string[]
}

export function inviterPath(inviters: Inviters, start: string): InviterPath {
  const rings = ringsOf(inviters)
  const above: string[] = []
  let at = start
  for (;;) {
    const ring = rings.get(at)
    if (ring !== undefined)
      return { above, ring: [...ring.slice(ring.indexOf(at)), ...ring.slice(0, ring.indexOf(at))] }
    const inviter = inviters.get(at)
    if (inviter === undefined) return { above, ring: [] }
    above.push(inviter)
    at = inviter
  }
}
