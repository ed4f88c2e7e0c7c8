import fc from "fast-check"
import { expect } from "vitest"
import type { HistoryRow } from "../../src/adapters/history/history-row.ts"
import { compileFilter, parseFilter, userTerms } from "../../src/domain/access-log-filter.ts"
import { filterSql } from "../../src/domain/access-log-filter-sql.ts"
import type { SqlDialect } from "../../src/domain/sql-dialect.ts"
import { StreamEntry } from "../../src/domain/stream-entry.ts"

const texts = [
  ..."/v1/runs|/v1/threads/4711/runs|/V1/Runs?x=1|/v1|GET|get|POST|DE|de|curl/8|Mozilla (X11)|bot|Straße|STRASSE|K|k|ſ|S|İ|i".split(
    "|",
  ),
  ...["", "'", "''", "\\", "%", "_", "a'b\\c", ".*", "^$", "(", "\n", "\0", "a\nb", "\u{1f600}", "\ufffd", "é", "É"],
]
const addresses = [
  "10.0.0.1",
  "10.0.1.255",
  "::ffff:10.0.0.1",
  "2001:db8::17",
  "2001:DB8:0::17",
  "::1",
  "fe80::1%eth0",
  "10.0.0.256",
  "x",
]
const numbers = ["200", "404", "503", "599", "0", "85", "100", "150", "-5", "0.5", "007", "1e3", "fine", "99.99"]
const ids = ["8f2c0000-0000-4000-8000-000000000001", "8f2c0000-0000-4000-8000-000000000002"]

const held = fc.record(
  {
    method: fc.constantFrom(...texts),
    path: fc.constantFrom(...texts),
    status: fc.constantFrom(...numbers),
    duration_ms: fc.constantFrom(...numbers),
    client_ip: fc.constantFrom(...addresses),
    country: fc.constantFrom(...texts),
    city: fc.constantFrom(...texts),
    user_agent: fc.oneof(fc.constantFrom(...texts), fc.string({ unit: "binary" })),
    ua_type: fc.constantFrom(...texts),
    risk_score: fc.constantFrom(...numbers),
    identity_type: fc.constantFrom(...texts),
    org_id: fc.constantFrom("", ...ids),
    account_id: fc.constantFrom("", ...ids),
    user_id: fc.constantFrom("", ...ids),
    trace_id: fc.constantFrom(...texts),
  },
  { requiredKeys: [] },
)

const quoted = (value: string) => `"${value.replace(/["\\]/g, "\\$&")}"`
const term = (names: string[], values: fc.Arbitrary<string>, operators = [":"]) =>
  fc
    .tuple(
      fc.constantFrom("", "-"),
      fc.constantFrom(...names),
      fc.constantFrom(...operators),
      fc.array(values, { minLength: 1, maxLength: 3 }),
    )
    .map(([sign, name, operator, values]) => `${sign}${name}${operator}${values.map(quoted).join(",")}`)
const ORDERED = [":", ">=", ">", "<=", "<"]
const filled = fc.constantFrom(...texts.filter(text => text !== ""))
const terms = fc.oneof(
  term(["method", "country", "city", "ua", "identity", "route"], fc.constantFrom(...texts)),
  term(["path", "trace", "agent"], filled),
  term([""], filled, [""]),
  term(
    ["ip"],
    fc.constantFrom(
      "10.0.0.0/8",
      "10.0.0.1",
      "10.0.0.0/31",
      "0.0.0.0/0",
      "::/0",
      "2001:db8::/33",
      "::ffff:10.0.0.0/104",
      "fe80::1",
    ),
  ),
  term(["status"], fc.constantFrom("200", "5xx", "404", "007"), ORDERED),
  term(["risk"], fc.constantFrom("0", "0.85", "1", "0.005", "0.3"), ORDERED),
  term(["dur"], fc.constantFrom("0", "500", "0.5", "1s", "85ms"), ORDERED),
  term(["org"], fc.constantFrom(...ids)),
  term(["user"], fc.constantFrom("alice", "nobody")),
  term(["id"], fc.constantFrom("1000-0", "1007-0", "1-1")),
)

const USERS = new Map([
  ["alice", ids],
  ["nobody", []],
])

/** Entries with hostile text in every field. */
export const hostileEntries = (count: number): StreamEntry[] =>
  fc.sample(held, count).map((fields, n) => StreamEntry.from(`${1000 + n}-0`, Object.entries(fields)))

/** A reader of a history in which nothing but the `entries` is. */
interface Reader {
  rows(where: string): AsyncIterable<HistoryRow>
}

/** Holds the filter that an engine carries out to the one of live entries, with every term and hostile values. */
export async function filtersAgree(reader: Reader, sql: SqlDialect, entries: readonly StreamEntry[], runs: number) {
  const property = fc.asyncProperty(fc.array(terms, { maxLength: 3 }), async terms => {
    const filter = parseFilter(terms.join(" "))
    expect(userTerms(filter).every(user => USERS.has(user))).toBe(true)
    const accepts = compileFilter(filter, USERS)
    const found: string[] = []
    for await (const row of reader.rows(filterSql(filter, USERS, sql)))
      if (row.kind === "entry") found.push(row.entry.id)
    expect(found, terms.join(" ")).toEqual(entries.filter(accepts).map(({ id }) => id))
  })
  await fc.assert(property, { numRuns: runs })
}
