import { describe, expect, it } from "vitest"
import { areOneDatabase, readEndpoint, serversOf } from "../../src/adapters/redis/endpoint.ts"
import { readRedisUrl, redisUrl } from "../../src/config/redis-url.ts"

describe("the URL of a Redis", () => {
  const plain = { isTls: false, isCluster: false, user: "", password: "", database: 0 }

  it.each([
    ["redis://host", { ...plain, hosts: [{ host: "host", port: 6379 }] }],
    ["rediss://u:p%40x@[2001:db8::1]:7/3", { isTls: true, user: "u", password: "p@x", database: 3 }],
    ["redis://host/1?db=2", { database: 2 }],
    ["unix:///run/redis.sock", { ...plain, hosts: [], socket: "/run/redis.sock" }],
    ["unix://u:p@/run/redis.sock?db=4", { user: "u", password: "p", socket: "/run/redis.sock", database: 4 }],
    [
      "redis+sentinel://:p@h1,h2:7/main/2",
      {
        ...{ ...plain, password: "p", database: 2, primary: "main" },
        hosts: [
          { host: "h1", port: 26_379 },
          { host: "h2", port: 7 },
        ],
      },
    ],
    ["rediss+sentinel://h1/main", { isTls: true, database: 0, primary: "main" }],
    [
      "rediss+cluster://h1,h2:7000",
      { isTls: true, isCluster: true, hosts: [expect.anything(), { host: "h2", port: 7000 }] },
    ],
  ])("%s is read", (url, expected) => {
    expect(readRedisUrl(url)).toMatchObject(expected)
  })

  it.each([
    ["http://hunter2@h", "expected a URL like redis://host:6379/0"],
    [
      "redis://:hunter2@a,b/0",
      "several hosts in one URL; name one, or is redis+sentinel:// or redis+cluster:// meant?",
    ],
    ["redis://:hunter2@/0", "the host is missing (expected redis://host:6379/0)"],
    ["redis://h:hunter2/0", "not a valid URL (expected redis://host:6379/0; special characters as %XX)"],
    ["redis://h/0?master_name=x", "Sentinels are named as in redis+sentinel://h1:26379,h2:26379,h3:26379/PRIMARY/0"],
    [
      "redis+sentinel://:hunter2@h1,h2",
      "the name of the primary is missing (expected redis+sentinel://h1:26379,h2:26379,h3:26379/PRIMARY/0)",
    ],
    ["redis+cluster://h1,h2/3", "a Cluster has no databases but 0 (expected redis+cluster://h1:6379,h2:6379)"],
    [
      "unix://run/redis.sock",
      "the path of the socket is missing, or not absolute (expected unix:///path/of/redis.sock?db=0)",
    ],
    ["unix:///run/redis.sock?db=x", "the database must be a number (expected unix:///path/of/redis.sock?db=0)"],
  ])("%s is refused, without quoting it", (url, problem) => {
    expect(redisUrl(url)).toBe(problem)
  })
})

describe("an endpoint", () => {
  const named = (url: string) => readEndpoint({ url }).address

  it("is called by what a person recognizes", () => {
    expect(named("rediss://[::1]/1")).toBe("[::1]:6379")
    expect(named("unix:///run/redis.sock")).toBe("/run/redis.sock")
    expect(named("redis+sentinel://h1,h2/main/1")).toBe("main via h1:26379")
    expect(named("redis+cluster://h1,h2")).toBe("h1:6379")
  })

  it("of Sentinels has their own account, and TLS to them as well", () => {
    const target = { url: "rediss+sentinel://u:p@h1/main", ca: "CA", cert: "C", key: "K", sentinelPassword: "s" }
    const { client, watched } = readEndpoint(target)
    expect(client).toMatchObject({ username: "u", password: "p", tls: { ca: "CA", cert: "C", key: "K" } })
    const [sentinel] = watched?.sentinels ?? []
    expect(sentinel?.client).toMatchObject({
      host: "h1",
      password: "s",
      tls: { ca: "CA", cert: "C", servername: "h1" },
    })
    expect(sentinel?.client.username).toBeUndefined()
  })

  it.each([
    [true, "redis://h/0", "redis://u:p@h:6379"],
    [false, "redis://h/0", "redis://h/1"],
    [true, "redis+sentinel://a,b/main/0", "redis+sentinel://b,c/main"],
    [false, "redis+sentinel://a,b/main", "redis+sentinel://a,b/other"],
    [false, "redis+sentinel://a:6379/main", "redis://a"],
    [true, "redis+cluster://a,b", "redis+cluster://b"],
    [false, "unix:///a", "unix:///b"],
  ])("%s: %s and %s are one database", (isOne, one, other) => {
    expect(areOneDatabase({ url: one }, { url: other })).toBe(isOne)
    expect(serversOf(readEndpoint({ url: one })).length).toBeGreaterThan(0)
  })
})
