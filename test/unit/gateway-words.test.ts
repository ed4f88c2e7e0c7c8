import fc from "fast-check"
import { describe, expect, test } from "vitest"
import { mistypedIn, readCopy, readRows, readVariables, toCopy, toRows } from "../../src/adapters/gateway-words.ts"
import { type GatewayConfig, gatewayUpdate, IP_MODES } from "../../src/domain/gateway.ts"

const rows = (fields: Record<string, string>) =>
  readRows(new Map(Object.entries(fields).map(([field, text]) => [`gateway.${field}`, text])))

const config: fc.Arbitrary<GatewayConfig> = fc.record({
  ip_mode: fc.constantFrom(...IP_MODES),
  trusted_cidrs: fc.array(fc.constantFrom("10.0.0.0/8", "2001:db8::/32", "192.0.2.1/32")),
  risk_reject_threshold: fc.integer({ min: 0, max: 100 }).map(percent => percent / 100),
  rate_limit_capacity: fc.integer({ min: 1, max: 1_000_000 }),
  rate_limit_per_minute: fc.integer({ min: 1, max: 100_000 }).map(tenths => tenths / 10),
})

test("what is written is read back as it was, from the rows and from the copy", () => {
  fc.assert(
    fc.property(config, config => {
      expect(readRows(new Map(Object.entries(toRows(config))))).toEqual({ values: config, unreadable: new Map() })
      // The gateway takes an empty list for none.
      const { trusted_cidrs, ...others } = config
      const inCopy = trusted_cidrs.length === 0 ? others : config
      const copy = JSON.parse(JSON.stringify(toCopy(config)))
      expect(readCopy(copy)).toEqual({ values: inCopy, unreadable: new Map() })
    }),
  )
})

test("the platform's words and units are written", () => {
  const config = { ip_mode: "proxy", trusted_cidrs: ["10.0.0.0/8"], risk_reject_threshold: 0.29 } as const
  expect(toRows({ ...config, trusted_cidrs: ["10.0.0.0/8"] })).toEqual({
    "gateway.ip_mode": "trusted_proxy",
    "gateway.trusted_cidrs": '["10.0.0.0/8"]',
    "gateway.risk_reject_threshold": "29",
  })
  expect(toCopy({ ip_mode: "cdn", risk_reject_threshold: 0.57 })).toEqual({
    ip_mode: "cloudflare",
    risk_reject_threshold: 57,
  })
})

describe("rows", () => {
  test("that are missing or empty say nothing", () => {
    const nothing = { values: {}, unreadable: new Map() }
    expect(rows({})).toEqual(nothing)
    expect(rows({ ip_mode: "", trusted_cidrs: " ", risk_reject_threshold: "" })).toEqual(nothing)
  })

  test("of older deployments hold a list with commas", () => {
    expect(rows({ trusted_cidrs: "10.0.0.0/8, 2001:db8::/32,," }).values.trusted_cidrs).toEqual([
      "10.0.0.0/8",
      "2001:db8::/32",
    ])
  })

  test.each([
    ["ip_mode", "proxy"],
    ["ip_mode", "constructor"],
    ["trusted_cidrs", '["10.0.0.0/8"'],
    ["trusted_cidrs", "[1]"],
    ["trusted_cidrs", "[null]"],
    ["risk_reject_threshold", "101"],
    ["risk_reject_threshold", "-1"],
    ["risk_reject_threshold", "0.5"],
    ["risk_reject_threshold", "high"],
  ])("%s that holds %j is told as unreadable", (field, text) => {
    expect(rows({ [field]: text })).toEqual({ values: {}, unreadable: new Map([[field, text]]) })
  })

  test.each(["0", "-1", "many", "0x10"])("of the rate that hold %j are told as unreadable", text => {
    expect(rows({ ratelimit_capacity: text }).unreadable).toEqual(new Map([["rate_limit_capacity", text]]))
    expect(rows({ ratelimit_rate_per_minute: text }).unreadable).toEqual(new Map([["rate_limit_per_minute", text]]))
  })
})

describe("the gateway's copy", () => {
  test.each([
    {},
    { ip_mode: null, trusted_cidrs: null, risk_reject_threshold: null },
    { ip_mode: "" },
    { trusted_cidrs: [] },
    { rate_limit_capacity: 0, rate_limit_per_minute: -1 },
  ])("%j says nothing, and nothing wrong", copy => {
    expect(readCopy(copy)).toEqual({ values: {}, unreadable: new Map() })
    expect(mistypedIn(copy)).toEqual([])
  })

  test.each<[string, unknown]>([
    ["ip_mode", 7],
    ["trusted_cidrs", ""],
    ["trusted_cidrs", "10.0.0.0/8"],
    ["trusted_cidrs", [1]],
    ["risk_reject_threshold", ""],
    ["risk_reject_threshold", "80"],
    ["risk_reject_threshold", 0.5],
    ["rate_limit_capacity", "600"],
    ["rate_limit_per_minute", [1]],
  ])("with the %s %j cannot be read, and the gateway takes none of it", (field, value) => {
    expect(readCopy({ [field]: value }).unreadable).toEqual(new Map([[field, value]]))
    expect(mistypedIn({ [field]: value })).toEqual([field])
  })

  test.each<[string, unknown]>([
    ["ip_mode", "proxy"],
    ["risk_reject_threshold", 101],
    ["risk_reject_threshold", -1],
  ])("with the %s %j cannot be read, and the gateway takes it", (field, value) => {
    expect(readCopy({ [field]: value }).unreadable).toEqual(new Map([[field, value]]))
    expect(mistypedIn({ [field]: value })).toEqual([])
  })
})

test("the gateway's variables are read as the gateway reads them", () => {
  const env = {
    ARKLOOP_GATEWAY_IP_MODE: " trusted_proxy ",
    ARKLOOP_GATEWAY_TRUSTED_CIDRS: "10.0.0.0/8,, 2001:db8::/32",
    ARKLOOP_GATEWAY_RISK_REJECT_THRESHOLD: "80",
    ARKLOOP_RATELIMIT_CAPACITY: "",
    ARKLOOP_RATELIMIT_RATE_PER_MINUTE: "lots",
  }
  expect(readVariables(env)).toEqual({
    values: { ip_mode: "proxy", trusted_cidrs: ["10.0.0.0/8", "2001:db8::/32"], risk_reject_threshold: 0.8 },
    unreadable: new Map([["rate_limit_per_minute", "lots"]]),
  })
})

describe("what may be set", () => {
  const mistake = (input: object) => gatewayUpdate.safeParse(input).error?.issues[0]?.message

  test.each<[object, RegExp]>([
    [{}, /nothing to change/],
    [{ reason: "x" }, /nothing to change/],
    [{ ip_mode: "trusted_proxy" }, /must be one of direct, proxy, cdn/],
    [{ trusted_cidrs: ["10.0.0.0/8", "10.0.0"] }, /^10\.0\.0 must be a CIDR block/],
    [{ trusted_cidrs: [""] }, /must be a CIDR block/],
    [{ risk_reject_threshold: 0.295 }, /at most two decimals/],
    [{ risk_reject_threshold: 1.01 }, /must be 0 to 1/],
    ...["", " ", "0x1", "1e-1", "-0.1", null, true, Number.NaN].map((value): [object, RegExp] => [
      { risk_reject_threshold: value },
      /must be (a number from )?0 to 1/,
    ]),
  ])("is not %j", (input, message) => expect(mistake(input)).toMatch(message))

  test("are numbers as text, and every threshold of two decimals", () => {
    for (let percent = 0; percent <= 100; percent++) {
      const input = { risk_reject_threshold: (percent / 100).toFixed(2) }
      expect(gatewayUpdate.parse(input).risk_reject_threshold).toBe(percent / 100)
    }
  })
})
