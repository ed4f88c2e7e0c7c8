import { expect, test } from "vitest"
import { routeOf } from "../../src/domain/route.ts"

test.each([
  ["/v1/threads/8f2c1d3e-5b6a-4c7d-9e8f-0a1b2c3d4e5f/runs", "/v1/threads/:id/runs"],
  ["/v1/threads/17/messages/18", "/v1/threads/:id/messages/:id"],
  ["/v1/17/18", "/v1/:id/:id"],
  ["/s/32101d414e0b", "/s/:id"],
  ["/v1/runs/run_01HZX3K4M5N6P7Q8R9S0", "/v1/runs/:id"],
  ["/v1/runs/8f2c1d3e-5b6a-4c7d-9e8f-0a1b2c3d4e5f:cancel", "/v1/runs/:id:cancel"],
  ["/v1/hosts/2001:db8::1", "/v1/hosts/2001:db8::1"],
  ["/v1/threads", "/v1/threads"],
  ["/v1/organization-settings-of-all", "/v1/organization-settings-of-all"],
  ["/v1/me/usage?from=17/18", "/v1/me/usage"],
  ["/", "/"],
  ["", ""],
])("%s is of the route %s", (path, route) => expect(routeOf(path)).toBe(route))

test("of a path that is very long, its beginning is the route", () => {
  expect(routeOf(`/${"a".repeat(70_000)}`)).toBe(`/${"a".repeat(199)}…`)
  expect(routeOf(`/日本${"語".repeat(300)}?x`)).toHaveLength(201)
})
