import { describe, expect, test } from "vitest"
import { createWorld, inconspicuousOf, membersOf } from "../../src/demo/seed/world.ts"
import type { Story } from "../../src/demo/traffic/story.ts"
import { createTraffic } from "../../src/demo/traffic/traffic.ts"

const START = Date.UTC(2026, 10, 22, 14)
const MINUTES_MS = 4 * 60_000
const REQUESTS = 40_000

const world = createWorld(1, START, "hash")
const members = membersOf(world)

/** The fields of a request that are looked at here, and when it came. */
interface Request {
  readonly ms: number
  readonly method: string
  readonly path: string
  readonly status: string
  readonly duration_ms: string
  readonly client_ip: string
  readonly ua_type: string
  readonly risk_score: string
  readonly identity_type: string
  readonly org_id: string
  readonly user_id?: string
}

/** Four minutes of requests, evenly spread, from `story`'s start on. */
function requestsOf(story: Story, seed = 1, ended?: ReadonlySet<string>): Request[] {
  const traffic = createTraffic(members, seed, story)
  return Array.from({ length: REQUESTS }, (_, i) => {
    const ms = START + (i * MINUTES_MS) / REQUESTS
    const pairs = traffic.requestAt(ms, ended).map(([name, value]) => [name, value.toString()])
    return { ms, ...Object.fromEntries(pairs) } as Request
  })
}

/** How many there are of each value, most first. */
const countBy = (requests: readonly Request[], value: (request: Request) => string | undefined) =>
  [...Map.groupBy(requests, value)]
    .map(([value = "", theirs]) => [value, theirs.length] as const)
    .toSorted(([, a], [, b]) => b - a)
const networkOf = ({ client_ip }: Request) => client_ip.split(".").slice(0, 3).join(".")
const hasFailed = ({ status }: Request) => status.startsWith("5")
const wasRefused = ({ status }: Request) => status.startsWith("4")

describe("the account behind the attack", () => {
  test("is an active member who runs nothing, another one for another seed", () => {
    const { userId } = inconspicuousOf(world, members, 1)
    const roles = world.people.memberships.filter(row => row.user_id === userId).map(({ role }) => role)
    expect(roles).not.toEqual(expect.arrayContaining([expect.stringMatching(/admin/)]))
    const user = world.people.users.find(({ id }) => id === userId)
    expect(user?.status).toBe("active")
    expect(["demo", "system_agent"]).not.toContain(user?.login)
    expect(inconspicuousOf(world, members, 2).userId).not.toBe(userId)
  })
})

describe("an attack", () => {
  const account = inconspicuousOf(world, members, 1)
  const story: Story = { scenario: "attack", account, since: 0 }
  const requests = requestsOf(story)
  const attempts = requests.filter(({ path, ua_type }) => path === "/v1/auth/login" && ua_type === "tool")
  const addresses = new Set(attempts.map(({ client_ip }) => client_ip))
  const theirs = requests.filter(({ client_ip }) => addresses.has(client_ip))

  test("comes from forty addresses in five networks, each far below those who ask most", () => {
    expect(addresses.size).toBe(40)
    expect(new Set(attempts.map(networkOf)).size).toBe(5)
    const [[, most] = ["", 0]] = countBy(requests, ({ client_ip }) => client_ip)
    const [[, mostOfThem] = ["", 0]] = countBy(theirs, ({ client_ip }) => client_ip)
    expect(mostOfThem).toBeLessThan(most / 10)
    expect(theirs.length).toBeLessThan(0.07 * requests.length)
  })

  test("is refused for the most part and rarely let in, at a moderate risk", () => {
    const statuses = new Map(countBy(attempts, ({ status }) => status))
    expect(statuses.get("401")).toBeGreaterThan(0.9 * attempts.length)
    expect(statuses.get("200")).toBeGreaterThan(0)
    expect(statuses.get("200")).toBeLessThan(0.03 * attempts.length)
    expect(new Set(attempts.map(({ risk_score }) => risk_score))).toEqual(new Set(["40", "0"]))
  })

  test("leads from the networks that are refused most to one user alone", () => {
    const networks = countBy(requests.filter(wasRefused), networkOf).slice(0, 5)
    expect(networks.map(([network]) => network).toSorted()).toEqual([...new Set(attempts.map(networkOf))].toSorted())
    const signedIn = theirs.filter(({ identity_type }) => identity_type === "jwt")
    expect(new Set(signedIn.map(networkOf)).size).toBe(5)
    expect(new Set(signedIn.map(({ user_id }) => user_id))).toEqual(new Set([account.userId]))
  })

  test("loses its account's sessions as everybody does, and goes on trying", () => {
    const after = requestsOf(story, 1, new Set([account.userId]))
    const of = (id: string) => after.filter(({ user_id, status }) => user_id === id && status !== "429")
    expect(new Set(of(account.userId).map(({ status }) => status))).toEqual(new Set(["401"]))
    expect(after.filter(({ client_ip }) => addresses.has(client_ip)).length).toBeGreaterThan(1_000)
  })

  test("is hidden in traffic without incidents or raids", () => {
    expect(requests.filter(hasFailed).length).toBeLessThan(0.005 * requests.length)
    const probes = requests.filter(({ ua_type, status }) => ua_type === "bot" && status === "404")
    expect(probes.length).toBeLessThan(0.02 * requests.length)
  })

  test("begins when it is said to, without a trace before", () => {
    const since = START + MINUTES_MS / 2
    const mixed = requestsOf({ ...story, since })
    expect(mixed.filter(({ ms, client_ip }) => ms < since && addresses.has(client_ip))).toEqual([])
    expect(mixed.some(({ client_ip }) => addresses.has(client_ip))).toBe(true)
  })

  test("is the same for the same seed, another for another, and of the same clients in another draw", () => {
    expect(requestsOf(story)).toEqual(requests)
    const other = createTraffic(members, 1, story, 1)
    const drawn = Array.from({ length: 5_000 }, () => Object.fromEntries(other.requestAt(START)))
    expect(drawn.map(({ trace_id }) => trace_id)).not.toContain(
      createTraffic(members, 1, story).requestAt(START)[1]?.[1],
    )
    const known = new Set(requests.map(({ client_ip }) => client_ip))
    const signedIn = drawn.filter(({ identity_type }) => identity_type === "jwt")
    expect(signedIn.filter(({ client_ip }) => !known.has(String(client_ip))).length).toBeLessThan(0.02 * drawn.length)
    expect(requestsOf(story, 2).slice(0, 50)).not.toEqual(requests.slice(0, 50))
  })
})

describe("a deployment", () => {
  const since = START + MINUTES_MS / 2
  const requests = requestsOf({ scenario: "deploy", tried: since, since })
  const isStart = ({ method, path }: Request) => method === "POST" && /^\/v1\/threads\/[^/]+\/runs$/.test(path)
  const starts = requests.filter(isStart)
  const [before, after] = [starts.filter(({ ms }) => ms < since), starts.filter(({ ms }) => ms >= since)]
  const median = (of: readonly Request[]) =>
    of.map(({ duration_ms }) => Number(duration_ms)).toSorted((a, b) => a - b)[of.length >> 1] as number

  test("makes one route fail for most, and slower, from its moment on", () => {
    expect(before.filter(hasFailed).length).toBeLessThan(0.02 * before.length)
    const failed = after.filter(hasFailed)
    expect(failed.length).toBeGreaterThan(0.7 * after.length)
    expect(failed.length).toBeLessThan(0.9 * after.length)
    expect(new Set(failed.map(({ status }) => status))).toEqual(new Set(["500", "503"]))
    expect(median(after)).toBeGreaterThan(3 * median(before))
  })

  test("is tried before with a few organizations, of which the same fails", () => {
    const tried = requestsOf({ scenario: "deploy", tried: START, since: since }).filter(({ ms }) => ms < since)
    const failed = tried.filter(request => isStart(request) && hasFailed(request))
    const organizations = (of: readonly Request[]) => new Set(of.map(({ org_id }) => org_id))
    expect(failed.length).toBeGreaterThan(50)
    const theirs = organizations(failed.filter(({ status }) => status === "503"))
    expect(theirs.size).toBeGreaterThan(3)
    expect(theirs.size).toBeLessThan(0.2 * organizations(tried).size)
    const starts = tried.filter(request => isStart(request) && theirs.has(request.org_id))
    expect(starts.filter(hasFailed).length).toBeGreaterThan(0.6 * starts.length)
  })

  test("does so for everybody, and leaves the other routes as they were", () => {
    const users = countBy(after.filter(hasFailed), ({ user_id }) => user_id)
    expect(users.length).toBeGreaterThan(100)
    const others = requests.filter(request => request.ms >= since && !isStart(request))
    expect(others.filter(hasFailed).length).toBeLessThan(0.002 * others.length)
  })
})
