import { type AccessLogEntry, shownTime } from "../../../domain/access-log.ts"
import { logCommand } from "../../../domain/access-log-query.ts"
import { asDeckError } from "../../../domain/errors.ts"
import { show, shown } from "../../../domain/safe-text.ts"
import type { LogFilter } from "../../../tail/protocol.ts"
import { type CopyChoice, recordChoices } from "../../kit/export/choices.ts"
import { type Contracted, callOf, recordOf } from "../../kit/export/contract.ts"
import type { Source } from "../../kit/export/source.ts"
import type { Shell } from "../../kit/shell.ts"
import { dateTime, grouped } from "../../widgets/format.ts"

type UserNames = ReadonlyMap<string, string>

/** Singular and plural of what is taken along. */
export const LOG_ENTRIES = ["log entry", "log entries"] as const

/** The log's command, whose entries have the names of their users. */
export const logOf = (names: UserNames): Contracted<AccessLogEntry> => ({
  operation: logCommand,
  convert: entry => ({ ...entry, username: names.get(entry.user_id) ?? "" }),
})

/** Copies one request, whole or by its fields. */
export const entryChoices = (entry: AccessLogEntry, names: UserNames): CopyChoice[] =>
  recordChoices(recordOf(logOf(names), entry), shown`this log entry`)

/** Returns the command that finds one request. */
export const entryCall = ({ id, gateway }: AccessLogEntry) =>
  callOf({ operation: logCommand }, { filter: gateway === undefined ? `id:${id}` : `id:${id} gateway:${gateway}` })

/** A row of the past: its ordinal, and its entry. */
interface PastRow {
  readonly ordinal: number
  readonly entry: AccessLogEntry
}

/** Most entries that are saved of the past at once. */
const MOST_OF_PAST = 10_000

const labelFrom = ({ entry }: PastRow) =>
  `up to ${grouped(MOST_OF_PAST)} that match, from ${dateTime(shownTime(entry))} back`

/**
 * Reads all matches of the ring and the stream; in the past those from a row of it back, as far as the history goes, but a bounded
 * number. Without PostgreSQL, without the names of users.
 */
export const matchSource = ({ tail, deck }: Shell, filter: LogFilter, past?: PastRow): Source => ({
  label: past === undefined ? "all that match, back to the start of the stream" : labelFrom(past),
  count: undefined,
  async *pages(signal, tell) {
    const { lookUpNames } = await import("../../../services/users/user-names.ts")
    const byId = new Map<string, string>()
    const asked = new Set<string>()
    let isTroubled = false
    let left = past === undefined ? Number.POSITIVE_INFINITY : MOST_OF_PAST
    for await (const { entries: found, missed } of tail.matches(filter, signal, past?.ordinal)) {
      const entries = found.slice(0, left)
      left -= entries.length
      if (missed > 0) tell(shown`up to ${grouped(missed)} of the oldest left the buffer meanwhile and may be missing`)
      // Each user is looked up once, and nobody any more after the first failure.
      const ids = [...new Set(entries.map(entry => entry.user_id))].filter(id => id !== "" && !asked.has(id))
      for (const id of ids) asked.add(id)
      try {
        const found = isTroubled || ids.length === 0 ? [] : await deck.run(lookUpNames, { ids }, { signal })
        for (const [id, name] of found) byId.set(id, name)
      } catch (error) {
        signal.throwIfAborted()
        isTroubled = true
        tell(shown`without the names of some users: ${show(asDeckError(error).message)}`)
      }
      yield entries.map(entry => recordOf(logOf(byId), entry))
      if (left === 0) return tell(shown`the newest ${grouped(MOST_OF_PAST)} only; opsdeck log goes further`)
    }
  },
})
