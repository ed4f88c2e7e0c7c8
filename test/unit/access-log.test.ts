import { expect, test } from "vitest"
import { accessLogEntry, shownTime } from "../../src/domain/access-log.ts"
import { StreamEntry } from "../../src/domain/stream-entry.ts"
import { toAccessLogEntry } from "../../src/domain/to-access-log-entry.ts"

const request = {
  ts: "2023-11-14T22:13:32Z",
  trace_id: "4f3a",
  method: "POST",
  path: "/v1/threads",
  status: "503",
  duration_ms: "1204",
  client_ip: "203.0.113.7",
  country: "CN",
  city: "Shanghai",
  user_agent: "curl/8",
  ua_type: "tool",
  risk_score: "85",
  identity_type: "jwt",
  org_id: "a1",
  user_id: "u1",
}

const entry = (fields: Record<string, string | undefined>, id = "1700000012345-0") => {
  const present = Object.entries(fields).filter((pair): pair is [string, string] => pair[1] !== undefined)
  return toAccessLogEntry(StreamEntry.from(id, present))
}

test("a request reads in the contract's words and units", () => {
  expect(entry(request)).toEqual({
    id: "1700000012345-0",
    timestamp: "2023-11-14T22:13:32.345Z",
    trace_id: "4f3a",
    method: "POST",
    path: "/v1/threads",
    status_code: 503,
    duration_ms: 1204,
    client_ip: "203.0.113.7",
    country: "CN",
    city: "Shanghai",
    user_agent: "curl/8",
    ua_type: "tool",
    risk_score: 0.85,
    identity_type: "jwt",
    org_id: "a1",
    user_id: "u1",
    username: "",
  })
})

test("an entry that holds nothing is empty strings and nulls, timed by its id", () => {
  const empty = entry({})
  expect(accessLogEntry.parse(empty)).toEqual(empty)
  expect(empty).toMatchObject({ timestamp: "2023-11-14T22:13:32.345Z", path: "", status_code: null, risk_score: null })
})

test("what is no number is null", () => {
  expect(entry({ ...request, status: "abc", duration_ms: "", risk_score: "0x10" })).toMatchObject({
    status_code: null,
    duration_ms: null,
    risk_score: null,
  })
})

test.each([
  ["250", 1],
  ["-30", 0],
  ["100", 1],
])("a risk of %s, which a client may send as its own, is %d", (risk_score, risk) => {
  expect(entry({ ...request, risk_score }).risk_score).toBe(risk)
})

test("newer deployments call the organization an account", () => {
  expect(entry({ ...request, org_id: undefined, account_id: "a2" }).org_id).toBe("a2")
  expect(entry({ ...request, org_id: "", account_id: "a2" }).org_id).toBe("a2")
  expect(entry({ ...request, account_id: "a2" }).org_id).toBe("a1")
})

test("the milliseconds are the id's, whatever `ts` says", () => {
  expect(entry({ ts: "2023-11-14T22:13:30.999Z" }).timestamp).toBe("2023-11-14T22:13:30.345Z")
  expect(entry({ ts: "2023-11-15T00:13:30+02:00" }).timestamp).toBe("2023-11-14T22:13:30.345Z")
})

test("people see the id's time of an entry that was added just after its second had passed", () => {
  const shown = (ts: string) => shownTime(entry({ ts }))
  expect(shown("2023-11-14T22:13:32Z")).toBe("2023-11-14T22:13:32.345Z")
  expect(shown("2023-11-14T22:13:31Z")).toBe("2023-11-14T22:13:32.345Z")
  expect(shown("2023-11-14T22:13:30Z")).toBe("2023-11-14T22:13:30.345Z")
  expect(shown("2023-11-14T22:13:33Z")).toBe("2023-11-14T22:13:33.345Z")
})

test("trailing zeros of a time are cut", () => {
  const at = (id: string) => entry({ ts: "2023-11-14T22:13:30Z" }, id).timestamp
  expect(at("1700000012300-0")).toBe("2023-11-14T22:13:30.3Z")
  expect(at("1700000012010-0")).toBe("2023-11-14T22:13:30.01Z")
  expect(at("1700000012000-0")).toBe("2023-11-14T22:13:30Z")
})

test.each(["", "yesterday", "2023", "1", "2023-11-14", "2023-13-45T99:99:99Z", "Tue Nov 14 2023"])(
  "a `ts` of %j is no time",
  ts => {
    expect(entry({ ts }).timestamp).toBe("2023-11-14T22:13:32.345Z")
  },
)

test("an id beyond the calendar has no time", () => {
  expect(entry({}, "18446744073709551615-1").timestamp).toBe("")
  expect(entry({}, "253402300800000-0").timestamp).toBe("")
})

test("values stay raw, however long or hostile", () => {
  const path = `/\x1b]52;c;AA\x07\u202e${"x".repeat(1_000_000)}`
  expect(entry({ path }).path).toBe(path)
})
