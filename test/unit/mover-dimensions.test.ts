import { expect, test } from "vitest"
import { compileFilter } from "../../src/domain/access-log-filter.ts"
import { DIMENSIONS, dimensionOf } from "../../src/domain/movers/dimensions.ts"
import { routeOf } from "../../src/domain/route.ts"
import { StreamEntry } from "../../src/domain/stream-entry.ts"

const request = (ms: number, fields: Record<string, string> = {}) => StreamEntry.from(`${ms}-0`, Object.entries(fields))

test("every dimension's term finds the entries that have the value, and only those", () => {
  const entries = [
    { client_ip: "203.0.113.7", user_id: "8f2c1d3e-5b6a-4c7d-9e8f-0a1b2c3d4e5f", country: "DE", ua_type: "bot" },
    { client_ip: "2001:db8:0:1::7", path: "/v1/threads/8f2c1d3e-5b6a-4c7d-9e8f-0a1b2c3d4e5f/runs?x=1", status: "503" },
    { client_ip: "203.0.113.8", path: "/v1/threads/17/runs", status: "200", country: "cn" },
    { client_ip: "no address", path: '/a b/"c",d', status: "20" },
  ].map((fields, n) => request(n + 1, fields as Record<string, string>))
  for (const dimension of DIMENSIONS) {
    const { key } = dimension
    for (const entry of entries) {
      const value = dimension.valueOf(entry)
      if (value === "") continue
      const test = compileFilter([dimension.term(value)], new Map([[value, [value]]]))
      expect(entries.filter(test), `${key} ${value}`).toEqual(
        entries.filter(other => dimension.valueOf(other) === value),
      )
    }
  }
})

test("what is no address moves neither as one nor as a network", () => {
  const values = (ip: string) =>
    (["ip", "network"] as const).map(key => dimensionOf(key).valueOf(request(1, { client_ip: ip })))
  for (const ip of ["unknown", "10.0.0", "10.0.0.256", "10.0.0.0/8", "a.b.c.7", "7"])
    expect(values(ip)).toEqual(["", ""])
  expect(values("10.0.0.7")).toEqual(["10.0.0.7", "10.0.0.0/24"])
})

test("networks are /24 of IPv4 and /64 of IPv6, mapped addresses included", () => {
  const network = (ip: string) => dimensionOf("network").valueOf(request(1, { client_ip: ip }))
  expect(["203.0.113.7", "2001:db8:0:1::7", "::ffff:10.1.2.3", "no address", ""].map(network)).toEqual([
    "203.0.113.0/24",
    "2001:db8:0:1::/64",
    "10.1.2.0/24",
    "",
    "",
  ])
})

test("a value that was seen before is the same one, by whatever name or spelling it comes", () => {
  const route = (path: string) => dimensionOf("route").valueOf(request(1, { path }))
  expect(route("/v1/runs/17")).toBe("/v1/runs/:id")
  expect(route("/v1/runs/18?x")).toBe(route("/v1/runs/:id"))
  expect(route("/v1/runs/run:18")).toBe("/v1/runs/run:18")
  expect(route("/v1/runs/18:cancel")).toBe("/v1/runs/:id:cancel")
  expect(route(`/${"1/".repeat(120)}`)).toHaveLength(routeOf(`/${"1/".repeat(120)}`).length)
})
