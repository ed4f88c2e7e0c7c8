import { orgId, riskScore } from "./access-log.ts"
import { isWithin, parseAddress, parseBlock } from "./ip-block.ts"
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

/** Every kind of term, in the order of the help. */
export const TERM_KINDS: readonly TermKind[] = [
  text("method", "an HTTP method", "method:POST", 2, field("method"), exactly),
  text("path", "the beginning of a path", "path:/v1/threads", 2, field("path"), startingWith),
  number(
    "status",
    "a status such as 503, or a class such as 5xx",
    "status:5xx",
    entry => entry.number("status"),
    status,
  ),
  number("dur", "milliseconds, or seconds such as 1.2s", "dur>500", entry => entry.number("duration_ms"), duration),
  text("ip", "an address or a CIDR block", "ip:10.0.0.0/8", 4, field("client_ip"), within),
  text("country", "a country code", "country:CN", 2, field("country"), exactly),
  text("city", "a city", "city:Berlin", 2, field("city"), exactly),
  number("risk", "a number from 0 to 1", "risk>=0.8", riskScore, risk),
  text("ua", "human, bot, tool or unknown", "ua:bot", 2, field("ua_type"), exactly),
  text("agent", "a part of the user agent", "agent:curl", 5, field("user_agent"), containing),
  {
    key: "user",
    expects: "an id, a login, a user name or an e-mail address",
    example: "user:alice",
    ordered: false,
    cost: 3,
    test: (value, _operator, users) => {
      const ids = new Set<string | undefined>(users.get(value))
      return value === "" ? undefined : entry => ids.has(entry.get("user_id"))
    },
  },
  text("identity", "jwt, api_key or anonymous", "identity:api_key", 2, field("identity_type"), exactly),
  text("org", "the id of an organization", "org:8f2c1d3e-5b6a-4c7d-9e8f-0a1b2c3d4e5f", 3, orgId, exactly),
  text("trace", "the beginning of a trace id", "trace:4f3a", 2, field("trace_id"), startingWith),
  text("id", "the id of an entry", "id:1700000012345-0", 1, entry => entry.id, exactly),
  {
    key: "",
    expects: "text in the path, the user agent, the address or the trace id",
    example: '"some text"',
    ordered: false,
    cost: 9,
    test: value => {
      const test = containing(value)
      const fields = ["path", "user_agent", "client_ip", "trace_id"].map(field)
      return test && (entry => fields.some(read => test(read(entry))))
    },
  },
]

type TextTest = (held: string) => boolean

function field(name: string) {
  return (entry: StreamEntry) => entry.get(name) ?? ""
}

function text(
  key: string,
  expects: string,
  example: string,
  cost: number,
  read: (entry: StreamEntry) => string,
  testFor: (value: string) => TextTest | undefined,
): TermKind {
  const test = (value: string) => {
    const holds = testFor(value)
    return holds && ((entry: StreamEntry) => holds(read(entry)))
  }
  return { key, expects, example, cost, ordered: false, test }
}

/** `range` gives the lowest and the highest number that a value means, both included. */
function number(
  key: string,
  expects: string,
  example: string,
  read: (entry: StreamEntry) => number | null,
  range: (value: string) => readonly [low: number, high: number] | undefined,
): TermKind {
  const held = (entry: StreamEntry) => read(entry) ?? Number.NaN
  const test = (value: string, operator: Operator): EntryTest | undefined => {
    const bounds = range(value)
    if (bounds === undefined) return undefined
    const [low, high] = bounds
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
  return { key, expects, example, cost: 1, ordered: true, test }
}

/** A pattern finds a text in any case without making a lower-case copy of each field. */
function anyCase(source: (quoted: string) => string, value: string): TextTest {
  const pattern = new RegExp(source(value.replace(/[\\^$.*+?()[\]{}|/]/g, "\\$&")), "iu")
  return held => pattern.test(held)
}

function exactly(value: string): TextTest {
  return anyCase(quoted => `^${quoted}$`, value)
}

function containing(value: string): TextTest | undefined {
  return value === "" ? undefined : anyCase(quoted => quoted, value)
}

function startingWith(value: string): TextTest | undefined {
  return value === "" ? undefined : held => held.startsWith(value)
}

const DECIMAL = /^\d{1,9}(\.\d{1,9})?(e-?\d{1,2})?$/

function status(value: string): [number, number] | undefined {
  if (/^[1-5]xx$/i.test(value)) return [Number(value[0]) * 100, Number(value[0]) * 100 + 99]
  return /^\d{3}$/.test(value) ? [Number(value), Number(value)] : undefined
}

function risk(value: string): [number, number] | undefined {
  return DECIMAL.test(value) && Number(value) <= 1 ? [Number(value), Number(value)] : undefined
}

function duration(value: string): [number, number] | undefined {
  const [, digits = "", unit] = /^(.*?)(ms|s)?$/i.exec(value) ?? []
  if (!DECIMAL.test(digits)) return undefined
  const ms = unit?.toLowerCase() === "s" ? Number((Number(digits) * 1000).toFixed(6)) : Number(digits)
  return [ms, ms]
}

/** No textual address is longer, zone included. */
const LONGEST_ADDRESS = 64
const REMEMBERED_ADDRESSES = 4096

/** Addresses repeat and parsing one costs a microsecond: the last answers are kept. */
function within(value: string): TextTest | undefined {
  const block = parseBlock(value)
  if (block === undefined) return undefined
  const answers = new Map<string, boolean>()
  return held => {
    const known = answers.get(held)
    if (known !== undefined) return known
    if (held.length > LONGEST_ADDRESS) return false
    const address = parseAddress(held)
    const answer = address !== undefined && isWithin(address, block)
    if (answers.size === REMEMBERED_ADDRESSES) answers.clear()
    answers.set(held, answer)
    return answer
  }
}
