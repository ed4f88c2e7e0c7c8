import { asDeckError } from "../../../src/domain/errors.ts"
import type { Deck } from "../../../src/services/deck.ts"
import { updateUser } from "../../../src/services/users/user-changes.ts"

/** What is told of a change. */
type Told = "saved" | "not saved" | "unknown"

/** Who save one thing after the other. */
export const LINES = 4

/** Who is called what, and how often that was saved. */
export const STANDING = `select id, username,
  (select count(*)::int from audit_logs where target_id = users.id::text and action = 'users.update') as saves from users`

const SAVED = "saved"

/** Renames the people with the ids `people` in several lines until `meanwhile` is over; answers what was told of each. */
export async function saveMeanwhile(
  deck: Deck,
  people: string[],
  meanwhile: () => Promise<void>,
): Promise<ReadonlyMap<string, Told>> {
  const told = new Map<string, Told>()
  let isOver = false
  const line = async () => {
    for (let id = people.pop(); id !== undefined && !isOver; id = people.pop()) {
      told.set(id, await deck.change(updateUser, { id, username: SAVED }).then((): Told => "saved", asTold))
    }
  }
  const lines = Promise.all(Array.from({ length: LINES }, line))
  await meanwhile()
  isOver = true
  await lines
  return told
}

function asTold(error: unknown): Told {
  const { message } = asDeckError(error)
  if (/^(not saved|nothing was changed): /.test(message)) return "not saved"
  if (message.includes("may or may not be saved")) return "unknown"
  throw error
}

/** How often each was told, and how often it is not so, as SQL says that is run where it has to stand. */
export async function tally(
  told: ReadonlyMap<string, Told>,
  sql: (query: string) => Promise<Record<string, unknown>[]>,
): Promise<Record<Told | "false", number>> {
  const count = { saved: 0, "not saved": 0, unknown: 0, false: 0 }
  const rows = await sql(`${STANDING} where users.id = any('{${[...told.keys()].join()}}')`)
  for (const { id, username, saves } of rows) {
    const outcome = told.get(id as string) as Told
    const stands = username === SAVED
    const isTrue = saves === Number(stands) && (outcome === "unknown" || stands === (outcome === "saved"))
    count[outcome]++
    if (!isTrue) count.false++
  }
  return count
}
