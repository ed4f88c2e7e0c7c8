import fc from "fast-check"
import ipaddr from "ipaddr.js"
import { expect, test } from "vitest"
import type { AccessLogEntry } from "../../src/domain/access-log.ts"
import { compileFilter, type Filter, filterToText, parseFilter, type Term } from "../../src/domain/access-log-filter.ts"
import { StreamEntry } from "../../src/domain/stream-entry.ts"
import { toAccessLogEntry } from "../../src/domain/to-access-log-entry.ts"

const word = fc.oneof(
  fc.constantFrom(
    "GET",
    "get",
    "/v1",
    "/v1/runs",
    "CN",
    "bot",
    "a b",
    "a,b",
    '"',
    "\\",
    "-x",
    "x:1",
    "=",
    "",
    "(.*)",
    "$^|",
  ),
  fc.string({ maxLength: 6 }),
)
const someWord = word.filter(text => text !== "")
const ip = fc.constantFrom("10.0.0.1", "10.200.0.9", "203.0.113.7", "2001:db8::1", "::ffff:10.0.0.1", "no address")
const status = fc.constantFrom("200", "204", "404", "500", "503")
const user = fc.constantFrom("u1", "u2", "u3")
const number = (values: fc.Arbitrary<string>) => ({ operator: fc.constantFrom(":", ">=", ">", "<=", "<"), values })
const text = (values: fc.Arbitrary<string>) => ({ operator: fc.constant(":"), values })

const kinds: Record<string, { operator: fc.Arbitrary<string>; values: fc.Arbitrary<string> }> = {
  "": text(someWord),
  method: text(word),
  path: text(someWord),
  status: number(fc.oneof(status, fc.constantFrom("2xx", "4xx", "5XX"))),
  dur: number(fc.constantFrom("0", "5", "5ms", "1.2s", "1200")),
  ip: text(fc.constantFrom("10.0.0.0/8", "10.0.0.1", "2001:db8::/32", "0.0.0.0/0", "::/0")),
  country: text(word),
  city: text(word),
  identity: text(word),
  org: text(word),
  risk: number(fc.constantFrom("0", "0.5", "0.85", "1")),
  ua: text(word),
  agent: text(someWord),
  user: text(fc.constantFrom("alice", "nobody")),
  trace: text(someWord),
}

const term = fc.constantFrom(...Object.keys(kinds)).chain(key =>
  fc.record({
    key: fc.constant(key),
    operator: kinds[key]!.operator,
    values: fc.array(kinds[key]!.values, { minLength: 1, maxLength: 3 }),
    negated: fc.boolean(),
  }),
) as fc.Arbitrary<Term>
const filter: fc.Arbitrary<Filter> = fc.array(term, { maxLength: 4 })

const entry = fc
  .record(
    {
      method: word,
      path: word,
      status: fc.oneof(status, fc.constant("x")),
      duration_ms: fc.constantFrom("0", "5", "1200", "1300", ""),
      client_ip: ip,
      country: word,
      city: word,
      identity_type: word,
      account_id: word,
      user_agent: word,
      ua_type: word,
      risk_score: fc.constantFrom("0", "50", "85", "100"),
      trace_id: word,
      user_id: user,
    },
    { requiredKeys: [] },
  )
  .map(fields => StreamEntry.from("1-1", Object.entries(fields)))

const users = new Map([["alice", ["u1", "u3"]]])

/** The rules of the language once more, slowly and without the table of terms. */
function holds(term: Term, entry: AccessLogEntry): boolean {
  return term.values.some(value => meets(term, value, entry)) !== term.negated
}

function meets({ key, operator }: Term, value: string, entry: AccessLogEntry): boolean {
  const lower = (held: string) => held.toLowerCase()
  const contains = (held: string) => lower(held).includes(lower(value))
  switch (key) {
    case "":
      return [entry.path, entry.user_agent, entry.client_ip, entry.trace_id].some(contains)
    case "method":
      return lower(entry.method) === lower(value)
    case "country":
      return lower(entry.country) === lower(value)
    case "city":
      return lower(entry.city) === lower(value)
    case "identity":
      return lower(entry.identity_type) === lower(value)
    case "org":
      return lower(entry.org_id) === lower(value)
    case "ua":
      return lower(entry.ua_type) === lower(value)
    case "agent":
      return contains(entry.user_agent)
    case "path":
      return entry.path.startsWith(value)
    case "trace":
      return entry.trace_id.startsWith(value)
    case "user":
      return (users.get(value) ?? []).includes(entry.user_id)
    case "ip": {
      if (!ipaddr.isValid(entry.client_ip)) return false
      const address = ipaddr.process(entry.client_ip)
      const block = value.includes("/") ? ipaddr.parseCIDR(value) : ([ipaddr.parse(value), 32] as [ipaddr.IPv4, number])
      return address.kind() === block[0].kind() && address.match(block)
    }
    case "status": {
      const base = Number.parseInt(value, 10) * (/x/i.test(value) ? 100 : 1)
      return ordered(entry.status_code, operator, base, /x/i.test(value) ? base + 99 : base)
    }
    case "dur": {
      const ms = Number.parseFloat(value) * (/\ds$/.test(value) ? 1000 : 1)
      return ordered(entry.duration_ms, operator, ms, ms)
    }
    default:
      return ordered(entry.risk_score, operator, Number(value), Number(value))
  }
}

function ordered(held: number | null, operator: string, low: number, high: number): boolean {
  if (held === null) return false
  if (operator === ":") return held >= low && held <= high
  return { ">=": held >= low, ">": held > high, "<=": held <= high, "<": held < low }[operator] as boolean
}

test("a filter written down reads as itself", () => {
  fc.assert(
    fc.property(filter, filter => {
      expect(parseFilter(filterToText(filter))).toEqual(filter)
    }),
    { numRuns: 1000 },
  )
})

test("whatever is typed is a filter that reads back, or a mistake within the text", () => {
  const typed = fc
    .array(fc.oneof(word, fc.constantFrom(" ", ":", "status", ">=", '"', ",", "-", "ip:")))
    .map(parts => parts.join(""))
  fc.assert(
    fc.property(typed, typed => {
      let read: Filter
      try {
        read = parseFilter(typed)
      } catch (error) {
        expect(error).toMatchObject({ code: "invalid", field: "filter" })
        expect((error as { column: number }).column).toBeLessThanOrEqual(typed.length)
        return
      }
      expect(parseFilter(filterToText(read))).toEqual(read)
    }),
    { numRuns: 1000 },
  )
})

test("a compiled filter accepts what the rules accept", () => {
  fc.assert(
    fc.property(filter, fc.array(entry, { minLength: 1, maxLength: 5 }), (filter, entries) => {
      const accepts = compileFilter(filter, users)
      for (const raw of entries) {
        expect(accepts(raw)).toBe(filter.every(term => holds(term, toAccessLogEntry(raw))))
      }
    }),
    { numRuns: 1000 },
  )
})
