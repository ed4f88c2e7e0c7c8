import type { z } from "zod"
import { followLog as followGateways } from "../adapters/redis/follow-log.ts"
import { type AccessLogEntry, rfc3339 } from "../domain/access-log.ts"
import { compileFilter, type Filter, userTerms } from "../domain/access-log-filter.ts"
import { filterOf, followQuery, type LogPage, logCommand } from "../domain/access-log-query.ts"
import type { EntryTest } from "../domain/access-log-terms.ts"
import { type AlertRule, isOfLog, parseAlertRule, sourceOf } from "../domain/alerts/alert-rule.ts"
import { Alerts } from "../domain/alerts/alerts.ts"
import { type AlertChange, alertFigure } from "../domain/alerts/rule-watch.ts"
import { API_KEYS_LOGGED, missesApiKeys } from "../domain/api-key-requests.ts"
import { DeckError } from "../domain/errors.ts"
import { aheadText, lateText } from "../domain/stream-clock.ts"
import { parseStreamId, type StreamEntry } from "../domain/stream-entry.ts"
import { toAccessLogEntry } from "../domain/to-access-log-entry.ts"
import { FeedNames } from "./access-log-names.ts"
import { readBackFromAll } from "./history/log-past.ts"
import { gatewaysNamed, historyAlone, type LogSources, refuseUnknownGateways, wholeLog } from "./history/sources.ts"
import { linkNotes } from "./link-notes.ts"
import { leftOut } from "./log-counts/count-operation.ts"
import { missingLog } from "./log-place.ts"
import { defineFeed, defineOperation, type OperationContext } from "./operation.ts"
import { lookupUsernames, resolveUsers } from "./users/user-names.ts"

/** Contract, section 2: `log`. */
export const readLog = defineOperation({
  ...logCommand,
  summary: "the gateway's requests, newest first",
  remark: query => (missesApiKeys(filterOf(query)) ? API_KEYS_LOGGED : undefined),
  run: (context, query) =>
    pageOf(wholeLog(context, query.gateway), query, entries =>
      lookupUsernames(
        context,
        entries.map(({ user_id }) => user_id),
      ),
    ),
  ofHistory: {
    run: (context, query) => pageOf(historyAlone(context, query.gateway), query, async () => new Map()),
    caveat: leftOut,
  },
  caveat: async (context, { data }) => leftOut(context) ?? (data.length === 0 ? missingLog(context) : undefined),
})

/** Reads a page of the logs of some gateways; `namesOf` looks up the names of the users. */
async function pageOf(
  sources: LogSources,
  { limit, before, since, until, gateway: _, ...query }: z.output<typeof logCommand.input>,
  namesOf: (entries: readonly AccessLogEntry[]) => Promise<ReadonlyMap<string, string>>,
): Promise<LogPage> {
  const filter = filterOf(query)
  refuseUnknownGateways(filter, sources.logs)
  const users = await sources.usersOf(userTerms(filter))
  const wanted = { filter, users, downTo: since, upTo: until, limit: limit + 1 }
  const { found, cursorBehind } = await readBackFromAll(sources, wanted, before)
  const shown = found.slice(0, limit)
  const data = shown.map(({ entry }) => toAccessLogEntry(entry))
  const names = await namesOf(data)
  for (const entry of data) entry.username = names.get(entry.user_id) ?? ""
  const has_more = found.length > limit
  const window = { ...(since && { since: timeOfId(since) }), ...(until && { until: timeOfId(until) }) }
  return { ...window, data, has_more, ...(has_more && { next_before: cursorBehind(shown) }) }
}

/** The moment that a bound names: of the last id before a moment that moment itself. */
function timeOfId(id: string): string {
  const [ms, seq] = parseStreamId(id)
  return rfc3339(seq > Number.MAX_SAFE_INTEGER ? ms + 1 : ms)
}

/** Item of `log --follow`. All but the notes are part of its JSON. */
export type LogItem =
  | AccessLogEntry
  /**
   * Entries that were trimmed before they could be read; 0 when their number cannot be known. With `failover` those that a
   * promoted replica may lack, or that number at least.
   */
  | {
      readonly event: "gap"
      readonly lost: number
      readonly from: string
      readonly to: string
      readonly failover?: true
      readonly gateway?: string
    }
  /** The stream was deleted and made anew. */
  | { readonly event: "reset"; readonly gateway?: string }
  /** State of the connections, for people, beside the answer. */
  | { readonly event: "note"; readonly message: string }

/** Contract, section 2: `log --follow`. Throws DeckError, `alert` when one of the `alerts` fires. */
export const followLog = defineFeed({
  words: ["log"],
  summary: "the gateway's requests as they arrive, oldest first",
  input: followQuery,
  async *follow(context, { since, alerts: rules = [], gateway, ...query }): AsyncGenerator<LogItem> {
    const { postgres, redis, signal } = context
    const alerts = new Alerts()
    alerts.setRules(rules.map(logRule))
    const filter = filterOf(query)
    const gateways = gatewaysNamed(redis.gateways, gateway)
    refuseUnknownGateways(filter, gateways)
    const accepts = await compile(context, filter)
    if (missesApiKeys(filter)) yield note(API_KEYS_LOGGED)
    const names = new FeedNames(postgres)
    const start = since === undefined ? "end" : { from: since }
    const link = linkNotes("Redis")
    let looksEmpty = true
    /** Gateways whose streams there are. */
    const existing = new Set<string>()
    for await (const event of followGateways(gateways, start, signal)) {
      switch (event.kind) {
        case "connected":
        case "disconnected": {
          const said =
            event.kind === "connected" ? link.connected(event.gateway) : link.lost(event.reason, event.gateway)
          if (said !== undefined) yield note(said)
          break
        }
        case "entries": {
          looksEmpty = false
          for (const { gateway } of event.entries) existing.add(gateway)
          const { before, fired } = untilAlert(event.entries, alerts)
          const entries = before.filter(accepts).map(toAccessLogEntry)
          const nameless = await names.fillIn(entries, signal)
          if (nameless !== undefined) yield note(`continuing without user names: ${nameless}`)
          yield* entries
          if (fired) throw alertFired(fired)
          break
        }
        case "gap": {
          const { lost, from, to, failover } = event
          yield { event: "gap", lost, from, to, ...(failover && { failover }), ...of(event) }
          break
        }
        case "ahead":
          yield note(aheadText(event.aheadMs), event)
          break
        case "late":
          yield note(lateText(event.byMs), event)
          break
        case "reset":
          // The others of several go on.
          if (event.gateway === undefined) alerts.restart()
          yield { event: "reset", ...of(event) }
          break
        case "idle": {
          const { gateway = "" } = event
          if (existing.has(gateway) && !event.exists)
            yield note("the stream was deleted; waiting for it to be made again", event)
          if (event.exists) existing.add(gateway)
          else existing.delete(gateway)
          const [fired] = alerts.tick(event.now)
          if (fired) throw alertFired(fired)
          if (looksEmpty) yield* whereItIs(context)
          looksEmpty = false
          break
        }
      }
    }
  },
})

export const commands = [readLog, followLog]

/** Returns the entries up to the first alert; all of them without one. */
function untilAlert(
  entries: readonly StreamEntry[],
  alerts: Alerts,
): { before: readonly StreamEntry[]; fired?: AlertChange } {
  for (const [index, entry] of entries.entries()) {
    const [fired] = alerts.accept(entry)
    if (fired) return { before: entries.slice(0, index), fired }
  }
  return { before: entries }
}

/** Says which database holds the log, where this one does not: it would be waited for without end. */
async function* whereItIs(context: OperationContext): AsyncGenerator<LogItem> {
  const elsewhere = await missingLog(context).catch(() => undefined)
  if (elsewhere !== undefined) yield note(elsewhere)
}

/** Parses a rule. Throws DeckError "invalid" for one that no request could make fire. */
function logRule(text: string): AlertRule {
  const rule = parseAlertRule(text)
  if (isOfLog(rule)) return rule
  const message = `${rule.metric} is of the ${sourceOf(rule)}, not of the log: opsdeck watch --alert '${rule.text}' waits for it`
  throw new DeckError("invalid", message, { field: "alerts" })
}

const alertFired = (alert: AlertChange) => new DeckError("alert", `alert: ${alert.rule} (${alertFigure(alert)})`)

const note = (message: string, { gateway }: Named = {}): LogItem => ({
  event: "note",
  message: gateway === undefined ? message : `${gateway}: ${message}`,
})

/** What may be of one of several gateways. */
interface Named {
  readonly gateway?: string
}

const of = ({ gateway }: Named): Named => (gateway === undefined ? {} : { gateway })

async function compile(context: OperationContext, filter: Filter): Promise<EntryTest> {
  return compileFilter(filter, await resolveUsers(context, userTerms(filter)))
}
