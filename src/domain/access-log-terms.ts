import { orgId, riskScore } from "./access-log.ts"
import {
  containing,
  durationRange,
  exactly,
  type Range,
  riskRange,
  startingWith,
  statusRange,
  type TextTest,
  withinBlock,
} from "./access-log-values.ts"
import { routeOf } from "./route.ts"
import type { StreamEntry } from "./stream-entry.ts"

export type Operator = ":" | ">=" | ">" | "<=" | "<"

/** What the values of `user:` stand for: the value as typed -> ids of the users meant. */
export type ResolvedUsers = ReadonlyMap<string, readonly string[]>

export type EntryTest = (entry: StreamEntry) => boolean

/** One thing to filter the access log by. Parser, help and matching all read this record. */
export interface TermKind {
  /** As typed before the operator; empty for the bare word. */
  readonly key: string
  /** What a value is, for help and mistakes. */
  readonly expects: string
  /** A whole term. */
  readonly example: string
  /** May be compared with `>=`, `>`, `<=`, `<`. */
  readonly ordered: boolean
  /** What testing an entry costs beside the others: cheap terms are tested first. */
  readonly cost: number
  /** The test for one value; undefined when the value is not what is expected. */
  readonly test: (value: string, operator: Operator, users: ResolvedUsers) => EntryTest | undefined
}

const text = (name: string) => (entry: StreamEntry) => entry.get(name) ?? ""
const number = (name: string) => (entry: StreamEntry) => entry.number(name)
const route = (entry: StreamEntry) => routeOf(entry.get("path") ?? "")

/** Every kind of term, in the order of the help. */
export const TERM_KINDS: readonly TermKind[] = [
  ofText("method:POST", "an HTTP method", 2, text("method"), exactly),
  ofText("path:/v1/threads", "the beginning of a path", 2, text("path"), startingWith),
  ofText("route:/v1/threads/:id/runs", "a path with :id for its ids", 6, route, exactly),
  ofNumber("status:5xx", "a status such as 503, or a class such as 5xx", number("status"), statusRange),
  ofNumber("dur>500", "milliseconds, or seconds such as 1.2s", number("duration_ms"), durationRange),
  ofText("ip:10.0.0.0/8", "an address or a CIDR block", 4, text("client_ip"), withinBlock),
  ofText("country:CN", "a country code", 2, text("country"), exactly),
  ofText("city:Berlin", "a city", 2, text("city"), exactly),
  ofNumber("risk>=0.8", "a number from 0 to 1", riskScore, riskRange),
  ofText("ua:bot", "human, bot, tool or unknown", 2, text("ua_type"), exactly),
  ofText("agent:curl", "a part of the user agent", 5, text("user_agent"), containing),
  ofUser("user:alice", "an id, a login, a user name or an e-mail address", 3),
  ofText("identity:api_key", "jwt, api_key or anonymous", 2, text("identity_type"), exactly),
  ofText("org:ID", "the id of an organization", 3, orgId, exactly),
  ofText("trace:4f3a", "the beginning of a trace id", 2, text("trace_id"), startingWith),
  ofText("id:1700000012345-0", "the id of an entry", 1, entry => entry.id, exactly),
  bareWord('"some text"', "text in the path, the user agent, the address or the trace id", 9),
]

function keyOf(example: string): string {
  return example.slice(0, example.search(/[:<>]/))
}

function ofText(
  example: string,
  expects: string,
  cost: number,
  read: (entry: StreamEntry) => string,
  meaning: (value: string) => TextTest | undefined,
): TermKind {
  const test = (value: string): EntryTest | undefined => {
    const holds = meaning(value)
    return holds && (entry => holds(read(entry)))
  }
  return { key: keyOf(example), expects, example, cost, ordered: false, test }
}

function ofNumber(
  example: string,
  expects: string,
  read: (entry: StreamEntry) => number | null,
  meaning: (value: string) => Range | undefined,
): TermKind {
  const test = (value: string, operator: Operator): EntryTest | undefined => {
    const range = meaning(value)
    return range && compare(entry => read(entry) ?? Number.NaN, operator, range)
  }
  return { key: keyOf(example), expects, example, cost: 1, ordered: true, test }
}

/** No number, NaN, is in no range and on neither side of one. */
function compare(held: (entry: StreamEntry) => number, operator: Operator, [low, high]: Range): EntryTest {
  switch (operator) {
    case ":":
      return entry => {
        const number = held(entry)
        return number >= low && number <= high
      }
    case ">=":
      return entry => held(entry) >= low
    case ">":
      return entry => held(entry) > high
    case "<=":
      return entry => held(entry) <= high
    case "<":
      return entry => held(entry) < low
  }
}

function ofUser(example: string, expects: string, cost: number): TermKind {
  const test: TermKind["test"] = (value, _operator, users) => {
    const ids = new Set<string | undefined>(users.get(value))
    return value === "" ? undefined : entry => ids.has(entry.get("user_id"))
  }
  return { key: keyOf(example), expects, example, cost, ordered: false, test }
}

function bareWord(example: string, expects: string, cost: number): TermKind {
  const fields = [text("path"), text("user_agent"), text("client_ip"), text("trace_id")]
  const test = (value: string): EntryTest | undefined => {
    const holds = containing(value)
    if (holds === undefined) return undefined
    return entry => {
      for (const read of fields) if (holds(read(entry))) return true
      return false
    }
  }
  return { key: "", expects, example, cost, ordered: false, test }
}
