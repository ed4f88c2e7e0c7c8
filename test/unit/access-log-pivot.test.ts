import fc from "fast-check"
import { describe, expect, test } from "vitest"
import { compileFilter, filterToText, parseFilter } from "../../src/domain/access-log-filter.ts"
import { entryTerms, withTerm } from "../../src/domain/access-log-pivot.ts"
import { StreamEntry } from "../../src/domain/stream-entry.ts"
import { toAccessLogEntry } from "../../src/domain/to-access-log-entry.ts"
import { request } from "../support/access-log.ts"

const ALICE = "8f2c1d3e-5b6a-4c7d-9e8f-0a1b2c3d4e5f"
const rawEntry = (fields: Record<string, string>) => StreamEntry.from("1700000000000-0", Object.entries(fields))
const termsOf = (fields: Record<string, string>) => entryTerms(toAccessLogEntry(rawEntry(fields)))

describe("the terms of an entry", () => {
  test("are written as they will stand in the filter", () => {
    const fields = {
      status: "503",
      client_ip: "203.0.113.7",
      user_id: ALICE,
      path: `/v1/threads/${ALICE}/runs`,
      method: "POST",
      country: "CN",
      city: "São Paulo",
      ua_type: "bot",
      user_agent: "python-requests/2.31 (x, y)",
      risk_score: "85",
      duration_ms: "2004",
      identity_type: "jwt",
      account_id: "a1",
      trace_id: "4f3a",
    }
    expect(termsOf(fields).map(term => filterToText([term]))).toEqual([
      "status:503",
      "status:5xx",
      "ip:203.0.113.7",
      "ip:203.0.113.0/24",
      `user:${ALICE}`,
      "route:/v1/threads/:id/runs",
      `path:/v1/threads/${ALICE}/runs`,
      "method:POST",
      "country:CN",
      'city:"São Paulo"',
      "ua:bot",
      'agent:"python-requests/2.31 (x, y)"',
      "risk>=0.85",
      "dur>=2004",
      "identity:jwt",
      "org:a1",
      "trace:4f3a",
    ])
  })

  test("leave out what the entry does not say, or what means nothing", () => {
    const nothing = { client_ip: "unknown", user_id: "'; drop table", risk_score: "0", duration_ms: "", status: "none" }
    expect(termsOf({ ...nothing, path: "", method: "", user_agent: "x".repeat(300) })).toEqual([])
  })

  test("are read back as they are, and met by the entry, whatever somebody wrote into it", () => {
    const names = Object.keys(request({ user_id: ALICE, org_id: "o" }))
    const strange = fc.dictionary(fc.constantFrom(...names), fc.string({ unit: "binary", maxLength: 40 }))
    fc.assert(
      fc.property(strange, fields => {
        const entry = rawEntry({ ...request({ user_id: ALICE }), ...fields })
        for (const term of entryTerms(toAccessLogEntry(entry))) {
          expect(parseFilter(filterToText([term]))).toEqual([term])
          const users = new Map([[ALICE, [ALICE]]])
          const isMet = compileFilter([term], term.key === "user" ? new Map(term.values.map(id => [id, [id]])) : users)
          expect(isMet(entry), filterToText([term])).toBe(true)
        }
      }),
    )
  })
})

describe("a filter with one term more", () => {
  const only = (text: string, term: string) => withTerm(text, parseFilter(term)[0]!)

  test.each([
    ["", "ip:10.0.0.1", "ip:10.0.0.1"],
    ["status:5xx", "ip:10.0.0.1", "status:5xx ip:10.0.0.1"],
    ["ip:10.0.0.1", "ip:10.0.0.1", "ip:10.0.0.1"],
    ["ip:10.0.0.0/24 ua:bot", "ip:10.0.0.1", "ip:10.0.0.1 ua:bot"],
    ["status:5xx,429 status:503 ua:bot", "status:500", "status:500 ua:bot"],
    ["risk>=0.5 risk<0.9", "risk>=0.8", "risk>=0.8 risk<0.9"],
    ["-ip:10.0.0.1,10.0.0.2", "ip:10.0.0.1", "-ip:10.0.0.2 ip:10.0.0.1"],
    ["-ua:bot", "ua:bot", "ua:bot"],
  ])("%s, and only %s: %s", (text, term, expected) => {
    expect(only(text, term)).toBe(expected)
  })

  test.each([
    ["", "-ua:bot", "-ua:bot"],
    ["-ua:bot", "-ua:bot", "-ua:bot"],
    ["-ua:bot status:5xx", "-ua:tool", "-ua:bot,tool status:5xx"],
    ["ip:10.0.0.0/24", "-ip:10.0.0.1", "ip:10.0.0.0/24 -ip:10.0.0.1"],
    ["ip:10.0.0.1", "-ip:10.0.0.1", "-ip:10.0.0.1"],
    ["ip:10.0.0.1,10.0.0.2", "-ip:10.0.0.1", "ip:10.0.0.2 -ip:10.0.0.1"],
    ["risk>=0.8", "-risk>=0.9", "risk>=0.8 -risk>=0.9"],
  ])("%s, and %s: %s", (text, term, expected) => {
    expect(only(text, term)).toBe(expected)
  })
})
