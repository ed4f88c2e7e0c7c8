import { describe, expect, test } from "vitest"
import { address, cidr, id, limit, risk, time } from "../../src/domain/fields.ts"

describe.each([
  { name: "id", field: id, good: ["00000000-0000-0000-0000-000000000001", crypto.randomUUID()], bad: ["", "x", "{}"] },
  {
    name: "address",
    field: address,
    good: ["10.0.0.1", "2001:db8::1"],
    bad: ["", "10.0.0", "10.0.0.0/8", "::1%eth0 "],
  },
  {
    name: "cidr",
    field: cidr,
    good: ["10.0.0.0/8", "2001:db8::/128"],
    bad: ["10.0.0.1", "10.0.0.0/33", "::/129", "/8"],
  },
  {
    name: "time",
    field: time,
    good: ["2026-03-01T12:00:00Z", "2026-03-01T12:00:00.123456+05:30"],
    bad: ["", "2026-03-01", "2026-03-01T12:00:00", "2026-02-30T12:00:00Z", "2026-03-01T12:00:00+16:00", "now"],
  },
])("a field of kind $name", ({ field, good, bad }) => {
  test.each(good)("takes %s as it is", value => expect(field.parse(value)).toBe(value))
  test.each(bad)("refuses %j, saying what it must be", value => {
    expect(field.safeParse(value).error?.issues[0]?.message).toMatch(/^must be /)
  })
})

describe("numbers", () => {
  test("are read from text and from numbers alike", () => {
    expect(limit.parse("7")).toBe(7)
    expect(limit.parse(undefined)).toBe(50)
    expect(risk.parse("0.25")).toBe(0.25)
    expect(risk.parse(1)).toBe(1)
  })

  test.each(["12x", "", "0", "201", "1.5", "NaN", "Infinity", Number.NaN])("are refused as a limit: %j", value => {
    expect(limit.safeParse(value).error?.issues[0]?.message).toMatch(/^must be /)
  })

  test.each(["-0.1", "1.1", "x", Number.NaN])("are refused as a risk: %j", value => {
    expect(risk.safeParse(value).error?.issues[0]?.message).toMatch(/^must be /)
  })
})
