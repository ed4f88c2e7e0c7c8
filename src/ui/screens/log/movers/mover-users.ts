import type { Term } from "../../../../domain/access-log-filter.ts"
import { withTerm } from "../../../../domain/access-log-pivot.ts"
import { asDeckError } from "../../../../domain/errors.ts"
import { show, shown } from "../../../../domain/safe-text.ts"
import { isUuid } from "../../../../domain/uuid.ts"
import { readLogFilter } from "../../../../tail/log-filter.ts"
import { openChange } from "../../../kit/change/record-change.ts"
import type { LogChanges } from "../../../kit/destinations.ts"
import { menuScreen } from "../../../kit/dialog/menu.tsx"
import type { Shell } from "../../../kit/shell.ts"
import { grouped } from "../../../widgets/format.ts"
import { namesOf, signedInText } from "../seen-from.ts"
import type { MoverRow } from "./movers-rows.ts"

type UserChangeName = keyof Pick<LogChanges, "suspendUser" | "cancelRunsOfUser">

/** Most requests that are looked at for their users, the newest first. */
const LOOKED_AT = 10_000

/**
 * Opens the dialog of a change of the mover's user; of another mover, of who was signed in with its requests in the log, and
 * asks which where there are several. Says so where there is nobody, or where they cannot be found.
 */
export async function changeUserOf(
  { key, mover }: MoverRow,
  { term, filter }: { readonly term: Term; readonly filter: string },
  [verb, name]: readonly [verb: string, name: UserChangeName],
  shell: Shell,
  signal: AbortSignal,
): Promise<void> {
  const { [name]: change } = shell.changes ?? {}
  if (change === undefined) return
  const open = (id: string) => openChange(change, { id }, shell)
  if (key === "user" && isUuid(mover.value)) return open(mover.value)
  try {
    const { users, looked } = await usersOf(shell, filter, term, signal)
    const names = await namesOf([...users.keys()], shell)
    if (signal.aborted) return
    const [only, ...others] = users.keys()
    if (only === undefined) {
      return shell.say(shown`nobody was signed in with the newest ${grouped(looked)} of these requests`, "look")
    }
    if (others.length === 0) return open(only)
    const items = [...users]
      .toSorted(([, a], [, b]) => b - a)
      .map(([id, requests]) => ({ text: signedInText(id, requests, names), take: () => open(id) }))
    shell.push(menuScreen, { title: `Users seen with ${mover.value}: ${verb}`, items })
  } catch (error) {
    if (!signal.aborted) shell.say(show(`${verb}: ${asDeckError(error).message}`), "act")
  }
}

/** Counts the requests of each signed-in user among the newest that pass `filter` and `term`. */
async function usersOf({ deck, tail }: Shell, filter: string, term: Term, signal: AbortSignal) {
  const users = new Map<string, number>()
  let looked = 0
  const narrowed = await readLogFilter(deck, withTerm(filter, term), signal)
  for await (const { entries } of tail.matches(narrowed, signal)) {
    for (const { user_id } of entries) {
      looked += 1
      if (isUuid(user_id)) users.set(user_id, (users.get(user_id) ?? 0) + 1)
    }
    if (looked >= LOOKED_AT) break
  }
  return { users, looked }
}
