import { describe, expect, it } from "vitest"
import { config, file, newHomes, profiles, refusal } from "../support/config-home.ts"

newHomes()

const SERVERS = { databaseUrl: "postgres://db/x", redisUrl: "redis://api/0" }
const listed = (gateways: unknown, settings: object = {}) =>
  profiles({ profiles: { prod: { ...SERVERS, ...settings, gateways } } })
const read = (...argv: string[]) => config(["--profile", "prod", ...argv], {})

describe("the gateways of a profile", () => {
  it("are read with their names, and what one of them does not say is as the profile has it", () => {
    listed(
      [
        { name: "eu", redisUrl: "redis://eu/1" },
        { name: "us", redisUrl: "redis://us/1", stream: "own" },
        { name: "ap" },
      ],
      {
        gatewayRedisUrl: "redis://gateway/1",
        stream: "all",
      },
    )
    expect(read().redis.gateways).toEqual([
      { name: "eu", redis: { url: "redis://eu/1" }, stream: "all" },
      { name: "us", redis: { url: "redis://us/1" }, stream: "own" },
      { name: "ap", redis: { url: "redis://gateway/1" }, stream: "all" },
    ])
  })

  it("may be streams of one Redis, the API's where no other is named", () => {
    listed([
      { name: "eu", stream: "log:eu" },
      { name: "us", stream: "log:us" },
    ])
    expect(read().redis.gateways.map(({ redis, stream }) => [redis.url, stream])).toEqual([
      ["redis://api/0", "log:eu"],
      ["redis://api/0", "log:us"],
    ])
  })

  it("are reached with the certificates of all", () => {
    listed([{ name: "eu", redisUrl: "redis+sentinel://eu/gw" }], { sentinelUser: "watcher" })
    expect(read().redis.gateways[0].redis).toMatchObject({ sentinelUser: "watcher" })
  })

  it.each<[string, unknown, string]>([
    ["no list", { name: "eu" }, ": expected a list of gateways"],
    ["an empty one", [], ": is empty: leave it out where there is one gateway"],
    ["a name alone", ["eu"], ": [0]: expected an object with a name"],
    [
      "no name",
      [{ redisUrl: "redis://eu" }],
      ": [0].name: expected up to 32 letters, digits, dots, dashes and underscores",
    ],
    [
      "a name with a space",
      [{ name: "e u" }],
      ": [0].name: expected up to 32 letters, digits, dots, dashes and underscores",
    ],
    ["a name twice", [{ name: "eu" }, { name: "eu" }], ": [1].name: there is another eu"],
    ["an unknown member", [{ name: "eu", url: "x" }], ": [0]: no member url; there are name, redisUrl, stream"],
    [
      "a wrong URL",
      [{ name: "eu", redisUrl: "http://:secret@eu" }],
      ": [0].redisUrl: expected a URL like redis://host:6379/0",
    ],
    ["an empty stream", [{ name: "eu", stream: "" }], ": [0].stream: expected a text"],
  ])("are refused with %s", (_, gateways, problem) => {
    listed(gateways)
    expect(refusal(() => read())).toBe(`gateways of profile prod in ${file}${problem}`)
  })

  it("hold a password in a file that is its owner's alone", () => {
    profiles({ profiles: { prod: { ...SERVERS, gateways: [{ name: "eu", redisUrl: "redis://:secret@eu" }] } } }, 0o644)
    expect(refusal(() => read())).toMatch(/others can read it/)
  })

  it("are not overridden in silence", () => {
    listed([{ name: "eu", redisUrl: "redis://eu/1", stream: "own" }])
    expect(refusal(() => read("--stream", "other"))).toBe(
      `--stream: each of the gateways has its own stream (gateways of profile prod in ${file})`,
    )
    expect(refusal(() => read("--gateway-redis-url", "redis://other"))).toBe(
      `--gateway-redis-url: each of the gateways has its own redisUrl (gateways of profile prod in ${file})`,
    )
  })
})
