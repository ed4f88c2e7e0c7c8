import type { AccessLogEntry } from "../../../domain/access-log.ts"
import { logCommand } from "../../../domain/access-log-query.ts"
import { asDeckError } from "../../../domain/errors.ts"
import { show, shown } from "../../../domain/safe-text.ts"
import type { Deck } from "../../../services/deck.ts"
import type { LogFilter } from "../../../tail/protocol.ts"
import { type CopyChoice, fieldChoices, markedChoices, recordChoice } from "../../kit/export/choices.ts"
import { type Contracted, callOf, columnsOf, recordOf } from "../../kit/export/contract.ts"
import type { Copying } from "../../kit/export/copy.tsx"
import { fileName } from "../../kit/export/file-format.ts"
import type { Savable } from "../../kit/export/save.tsx"
import { heldSource, type Source } from "../../kit/export/source.ts"
import type { ScreenModel } from "../../kit/screen.ts"
import type { Shell } from "../../kit/shell.ts"
import type { Marks } from "../../kit/table/marks.ts"
import { grouped } from "../../widgets/format.ts"

const LOG: Contracted<AccessLogEntry> = { operation: logCommand }
const NOUN = ["log entry", "log entries"] as const

type UserNames = ReadonlyMap<string, string>

const withName = (entry: AccessLogEntry, names: UserNames) =>
  recordOf(LOG, { ...entry, username: names.get(entry.user_id) ?? "" })

/** Copies one request, whole or by its fields. */
export function entryChoices(entry: AccessLogEntry, names: UserNames): CopyChoice[] {
  const record = withName(entry, names)
  return [recordChoice(record, shown`this log entry`), ...fieldChoices(record)]
}

/** Returns the command that finds one request. */
export const entryCall = ({ id }: AccessLogEntry) => callOf(LOG, { filter: `id:${id}` })

interface LogPlace {
  readonly shell: Shell
  /** Current filter. */
  readonly filter: Pick<LogFilter, "text" | "users">
  readonly entry: AccessLogEntry | undefined
  readonly marks: Marks<AccessLogEntry>
  readonly names: UserNames
  /** No match is known. */
  readonly isEmpty: boolean
}

/** Returns what can be copied and saved from the log, and its command. */
export function logExport(place: LogPlace): Copying & Savable & Pick<ScreenModel, "command"> {
  const { shell, filter, entry, marks, names, isEmpty } = place
  const { size } = marks.marked
  const marked = () => [...marks.marked.values()].map(one => withName(one, names))
  return {
    shell,
    command: callOf(LOG, { filter: filter.text || undefined }),
    copies: () => [...markedChoices(marked, size, NOUN), ...(entry ? entryChoices(entry, names) : [])],
    saves: () => {
      if (isEmpty && size === 0) return undefined
      const all = matchSource(shell, { ...filter, stayAt: null })
      return {
        noun: NOUN,
        path: `~/${fileName("log", Date.now())}`,
        columns: columnsOf(LOG),
        sources: size === 0 ? [all] : [heldSource(`${size} marked`, marked()), all],
      }
    },
  }
}

/** Reads all matches of the ring and the stream; without PostgreSQL, without the names of users. */
const matchSource = ({ tail, deck }: Shell, filter: LogFilter): Source => ({
  label: "all that match, back to the start of the stream",
  count: undefined,
  async *pages(signal, tell) {
    const names = new KnownNames(deck)
    for await (const { entries, missed } of tail.matches(filter, signal)) {
      if (missed > 0) tell(shown`up to ${grouped(missed)} of the oldest left the ring meanwhile, and may be missing`)
      const trouble = await names.learn(entries, signal)
      if (trouble !== undefined) tell(shown`without the names of some users: ${show(trouble)}`)
      yield entries.map(entry => withName(entry, names.byId))
    }
  },
})

/** Names of users, each looked up once; none after the first failure. */
class KnownNames {
  readonly byId = new Map<string, string>()
  private readonly asked = new Set<string>()
  private readonly deck: Deck
  private trouble: string | undefined

  constructor(deck: Deck) {
    this.deck = deck
  }

  /** Looks up the users of `page`; returns the reason of a failure. */
  async learn(page: readonly AccessLogEntry[], signal: AbortSignal): Promise<string | undefined> {
    const ids = [...new Set(page.map(entry => entry.user_id))].filter(id => id !== "" && !this.asked.has(id))
    if (ids.length === 0 || this.trouble !== undefined) return this.trouble
    for (const id of ids) this.asked.add(id)
    try {
      const { lookUpNames } = await import("../../../services/users/user-names.ts")
      for (const [id, name] of await this.deck.run(lookUpNames, { ids }, { signal })) this.byId.set(id, name)
    } catch (error) {
      signal.throwIfAborted()
      this.trouble = asDeckError(error).message
    }
    return this.trouble
  }
}
