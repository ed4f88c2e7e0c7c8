import { Random } from "../random.ts"
import type { Member } from "../traffic/clients.ts"
import { createAutomation } from "./automation.ts"
import { createCodes } from "./codes.ts"
import { createCredits } from "./credits.ts"
import { createAudit } from "./history.ts"
import { createPeople, leftOverSessions } from "./people.ts"
import { createQueue } from "./queue.ts"
import { createRuns } from "./runs.ts"

export type World = ReturnType<typeof createWorld>

/** A platform's rows as of `now` (epoch milliseconds), by the contract's tables; the same for the same arguments. */
export function createWorld(seed: number, now: number, passwordHash: string) {
  const random = new Random(seed)
  const people = createPeople(random, now, passwordHash)
  const runs = createRuns(people, random, now)
  const codes = createCodes(people, random, now)
  const audit = createAudit(people, codes, random, now)
  const automation = createAutomation(people, random, now)
  const leftOver = leftOverSessions(people, random, now)
  const queue = createQueue(random, now)
  const credits = createCredits(people, runs, codes, random)
  return { people, runs, codes, audit, automation, leftOver, queue, credits }
}

/** Returns an ordinary user among `members`, who has no role and belongs to no ring. */
export function inconspicuousOf({ people }: World, members: readonly Member[], seed: number): Member {
  const conspicuous = new Set([
    ...people.memberships.filter(({ role }) => role === "platform_admin" || role === "admin").map(row => row.user_id),
    ...people.ring.map(({ id }) => id),
  ])
  return new Random(seed).pick(members.filter(({ userId }) => !conspicuous.has(userId)))
}

/** Returns the users who send requests, with the threads and runs that they request. */
export function membersOf({ people, runs }: World): Member[] {
  const threadsOf = Map.groupBy(runs.threads, thread => thread.created_by_user_id)
  const runsOf = Map.groupBy(runs.runs, run => run.created_by_user_id)
  const orgOf = new Map(people.memberships.map(({ user_id, org_id }) => [user_id, org_id]))
  const ids = (rows: readonly { id: string }[] = []) => rows.map(({ id }) => id)
  return people.users
    .filter(user => user.status === "active")
    .map(({ id, locale, created_at }) => ({
      userId: id,
      sinceMs: Date.parse(created_at),
      orgId: orgOf.get(id) as string,
      country: locale?.split("-")[1],
      threads: ids(threadsOf.get(id)),
      runs: ids(runsOf.get(id)),
    }))
}
