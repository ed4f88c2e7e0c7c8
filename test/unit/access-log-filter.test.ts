import { describe, expect, test } from "vitest"
import {
  and,
  compileFilter,
  filterFromOptions,
  parseFilter,
  TERM_KINDS,
  userTerms,
} from "../../src/domain/access-log-filter.ts"
import { StreamEntry } from "../../src/domain/stream-entry.ts"

const request = StreamEntry.from("1700000012345-0", [
  ["trace_id", "4f3a99"],
  ["method", "POST"],
  ["path", "/v1/threads/8f2c?x=(1)"],
  ["status", "503"],
  ["duration_ms", "1204"],
  ["client_ip", "10.1.2.3"],
  ["country", "CN"],
  ["city", "São Paulo"],
  ["user_agent", "Mozilla/5.0 (X11) curl, like"],
  ["ua_type", "bot"],
  ["risk_score", "85"],
  ["identity_type", "jwt"],
  ["account_id", "a1"],
  ["user_id", "u1"],
])
const empty = StreamEntry.from("1-1", [])
const users = new Map([
  ["alice", ["u1"]],
  ["bob", ["u2", "u3"]],
])

const accepts = (text: string, entry = request) => compileFilter(parseFilter(text), users)(entry)
const withIp = (ip: string) => StreamEntry.from("1-1", [["client_ip", ip]])

describe("a term accepts what it says", () => {
  test.each([
    "",
    "method:post",
    "path:/v1/threads",
    "ip:10.0.0.0/8",
    "ip:10.1.2.3",
    "country:cn",
    'city:"são paulo"',
    "risk>=0.8",
    "risk:0.85",
    "risk>0.84",
    "risk<=0.85",
    "risk<0.86",
    "ua:BOT",
    "agent:CURL",
    "status:503",
    "status:5xx",
    "status>=500",
    "status>4xx",
    "dur>500",
    "dur>1.2s",
    "dur<1205ms",
    "dur:1204",
    "user:alice",
    "user:bob,alice",
    "trace:4f3a",
    "route:/v1/THREADS/8f2c",
    "identity:jwt",
    "org:A1",
    "id:1700000012345-0",
    "THREADS/8F2C",
    "x11",
    "10.1.2",
    "4f3a",
    '"(x11) curl, like"',
    "?x=(1)",
    "x=(1)",
    "-path:/healthz",
    "-status:404,429",
    '-"some text"',
    "status:404,5xx",
    "nothing,curl",
    "METHOD:POST  Risk>=0.8\tstatus:5xx",
  ])("%s", text => expect(accepts(text)).toBe(true))
})

describe("a term refuses the rest", () => {
  test.each([
    "method:GET",
    "method:POS",
    "path:/V1",
    "path:threads",
    "ip:11.0.0.0/8",
    "ip:::/0",
    "country:C",
    "risk>=0.86",
    "ua:human",
    "status:4xx",
    "status<503",
    "dur>1.3s",
    "user:bob",
    "user:nobody",
    "trace:f3a9",
    "berlin",
    "-curl",
    "-status:404,5xx",
    "method:POST status:404",
  ])("%s", text => expect(accepts(text)).toBe(false))
})

test("what an entry does not hold is neither above nor below a number, and meets only negated terms", () => {
  for (const text of ["status<600", "risk>=0", "risk<=1", "dur>=0", "ip:0.0.0.0/0", "path:/", "user:alice", "a"]) {
    expect(accepts(text, empty)).toBe(false)
    expect(accepts(`-${text}`, empty)).toBe(true)
  }
  expect(accepts('country:""', empty)).toBe(true)
  expect(accepts('country:""')).toBe(false)
})

test.each([
  ["ip:2001:db8::/32", "2001:0DB8:0:0::17", true],
  ["ip:2001:db8::17", "2001:db8:0:0::17", true],
  ["ip:2001:db8::/32", "2001:db9::1", false],
  ["ip:10.0.0.0/8", "::ffff:10.1.2.3", true],
  ["ip:::ffff:10.0.0.0/104", "10.1.2.3", true],
  ["ip:10.9.9.9/8", "10.1.2.3", true],
  ["ip:0.0.0.0/0", "203.0.113.7", true],
  ["ip:0.0.0.0/0", "2001:db8::1", false],
  ["ip:0.0.0.0/0", "010.1.1.1", false],
  ["ip:0.0.0.0/0", "1", false],
  ["ip:0.0.0.0/0", `1${"0".repeat(1_000_000)}`, false],
  ["ip:10.0.0.1,10.0.0.3", "10.0.0.3", true],
])("%s and a client at %.40s: %s", (text, ip, expected) => {
  expect(accepts(text, withIp(ip))).toBe(expected)
})

test("more addresses than are remembered are still told apart", () => {
  const test = compileFilter(parseFilter("ip:10.0.0.0/16"), users)
  for (let round = 0; round < 2; round++) {
    for (let i = 0; i < 10_000; i++) expect(test(withIp(`10.${i & 1}.${i >> 8}.${i & 255}`))).toBe((i & 1) === 0)
  }
})

describe("a mistake is marked where it is, with what was expected", () => {
  test.each([
    ["status:5xx methd:GET", 11, /no filter is called "methd": did you mean method\?/],
    ["-countyr:DE", 1, /did you mean country/],
    ["http://x", 0, /in quotes/],
    ["status:abc", 7, /status: expected a status such as 503, or a class such as 5xx/],
    ["status:500,6xx", 11, /status: expected/],
    ["status:500,", 11, /status: expected/],
    ["status=500", 6, /expected ":"/],
    ["path>5", 4, /expected ":"/],
    ["dur>5 method!=GET", 6, /to exclude, put - in front, as in -method:POST/],
    ["status:500 OR status:502", 11, /a,b is either/],
    ["status>500 AND method:POST", 11, /to search for the text, write "AND"/],
    ["risk>=8", 6, /a number from 0 to 1/],
    ["dur>fast", 4, /milliseconds/],
    ["ip:10.0.0.0/33", 3, /an address or a CIDR block/],
    ["ip:10.0.0", 3, /an address or a CIDR block/],
    ["path:", 5, /the beginning of a path/],
    ['path:""', 5, /the beginning of a path/],
    ["method: POST", 7, /an HTTP method/],
    ['a "some text', 2, /a closing quote/],
    ['path:"/a"b', 9, /a space or a comma/],
    ["-", 1, /expected text/],
    [",", 0, /expected text/],
  ])("%s", (text, column, message) => {
    expect(() => parseFilter(text)).toThrowError(
      expect.objectContaining({ code: "invalid", field: "filter", column, message: expect.stringMatching(message) }),
    )
  })
})

test("every kind of term has an example that reads", () => {
  for (const kind of TERM_KINDS) expect(parseFilter(kind.example)[0]?.key).toBe(kind.key)
})

test("the users to resolve are named once each", () => {
  expect(userTerms(parseFilter("user:alice,bob -user:alice status:5xx"))).toEqual(["alice", "bob"])
})

test("the options of the command are terms", () => {
  const options = { method: "post", path: "/v1, x", ip: "10.0.0.0/8", country: "cn", risk_min: 0.8, ua_type: "bot" }
  expect(filterFromOptions(options)).toEqual(
    parseFilter('method:post path:"/v1, x" ip:10.0.0.0/8 country:cn risk>=0.8 ua:bot'),
  )
  expect(filterFromOptions({ path: undefined })).toEqual([])
  for (const risk_min of [0.1 + 0.2, 1e-7, 0.123_456_789_1]) expect(filterFromOptions({ risk_min })).toHaveLength(1)
})

test("an option with a wrong value names the option", () => {
  expect(() => filterFromOptions({ ip: "10.0.0" })).toThrowError(
    expect.objectContaining({ code: "invalid", field: "ip", message: "must be an address or a CIDR block" }),
  )
  expect(() => filterFromOptions({ risk_min: 2 })).toThrowError(expect.objectContaining({ field: "risk_min" }))
})

test("two filters together accept what both accept", () => {
  const both = compileFilter(and(parseFilter("status:5xx"), parseFilter("-user:bob")), users)
  expect(both(request)).toBe(true)
  expect(both(empty)).toBe(false)
})
