import fc from "fast-check"
import { expect, test } from "vitest"
import { routeOf, shortenPath } from "../../src/domain/route.ts"

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

const segment = fc.oneof(
  fc.stringMatching(/^[0-9]{0,20}$/),
  fc.stringMatching(/^[0-9a-fA-F]{10,14}$/),
  fc.stringMatching(/^[\w-]{14,18}$/),
  fc.stringMatching(/^[\w.:?~%-]{0,18}$/),
  fc.uuid().map(id => `${id}:cancel`),
  fc.string({ unit: "grapheme", maxLength: 4 }),
)

test("a path that is shortened is of the same route", () => {
  const into = Buffer.alloc(512)
  fc.assert(
    fc.property(fc.array(segment, { maxLength: 120 }), fc.boolean(), (segments, isRooted) => {
      const path = (isRooted ? "/" : "") + segments.join("/")
      const bytes = Buffer.from(path)
      const length = shortenPath(bytes, 0, bytes.length, into)
      if (length < 0) expect(bytes.length).toBeGreaterThan(50)
      else expect(routeOf(into.toString("utf8", 0, length))).toBe(routeOf(bytes.toString()))
    }),
    { numRuns: 2000 },
  )
})

test("shortened paths of one route are the same bytes", () => {
  const into = Buffer.alloc(512)
  const shortened = (path: string) => into.toString("utf8", 0, shortenPath(Buffer.from(path), 0, path.length, into))
  expect(shortened("/v1/threads/8f2c1d3e-5b6a-4c7d-9e8f-0a1b2c3d4e5f/runs/17?x=1")).toBe("/v1/threads/:id/runs/:id")
  expect(shortenPath(Buffer.from("/1".repeat(100)), 0, 200, into)).toBe(-1)
})
