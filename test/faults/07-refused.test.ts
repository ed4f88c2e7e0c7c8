import { setTimeout as delay } from "node:timers/promises"
import { expect } from "vitest"
import { request } from "../support/access-log.ts"
import { type MortalRedis, startMortalRedis } from "../support/mortal-redis.ts"
import { opsdeck } from "../support/program.ts"
import { Terminal } from "../support/terminal.ts"
import { Platform } from "./support/platform.ts"
import { Follower, judgeConsole } from "./support/readers.ts"
import { type Measure, scenario } from "./support/scenario.ts"
import { sized } from "./support/size.ts"

const platform = new Platform()
const seconds = sized({ short: 6, full: 30 })
const WRONG = /reconnecting (?:in \ds|now), attempt \d+: .*rejected the user or the password/
const FORBIDDEN = /reconnecting (?:in \ds|now), attempt \d+: .*denied permission/

scenario(
  {
    number: 7,
    title: "password changed, permission taken away, wrong password at the start",
    load: `each for ${seconds} s`,
    passes: "words that a person can act on; at most one attempt in 5 s; every entry once and in order afterwards",
    inSubset: false,
  },
  async measure => {
    const redis = await startMortalRedis()
    const { client, port } = redis
    await client.acl("SETUSER", "ops", "on", ">right", "~*", "+@all")
    let written = 0
    const add = async () => {
      for (let i = 0; i < 5; i++) {
        await client.xadd(platform.stream, "*", ...Object.entries(request({ path: `/n/${written++}` })).flat())
      }
    }
    const as = (password: string) => platform.environment(port, `ops:${password}`)
    await add()

    const late = Terminal.opsdeck([], as("wrong"))
    await late.see(WRONG)
    await measureAttempts(redis, measure, "wrong at the start, console")
    const { status, stderr } = await opsdeck(["log", "--follow", "--json"], as("wrong"))
    expect([status, stderr]).toEqual([6, expect.stringContaining("check REDIS_URL or GATEWAY_REDIS_URL")])
    await client.acl("SETUSER", "ops", ">wrong")
    await late.see("● live", `/n/${written - 1}`)
    late.press("q")
    await late.exited

    const terminal = Terminal.opsdeck([], as("right"))
    await terminal.see("● live", `/n/${written - 1}`)
    await client.acl("SETUSER", "ops", "resetpass", ">another")
    await redis.killConnections()
    await terminal.see(WRONG)
    await measureAttempts(redis, measure, "changed, console")
    await add()
    await client.acl("SETUSER", "ops", ">right")
    await terminal.see("● live", `/n/${written - 1}`)

    await client.acl("SETUSER", "ops", "-xread")
    await add()
    await terminal.see(FORBIDDEN)
    await client.acl("SETUSER", "ops", "+xread")
    await terminal.see("● live", `/n/${written - 1}`)
    await judgeConsole(terminal, written)
    terminal.press("q")
    await terminal.exited

    const follower = new Follower(as("right"))
    await follower.accountsFor(written)
    await client.acl("SETUSER", "ops", "resetpass", ">another")
    await redis.killConnections()
    await measureAttempts(redis, measure, "changed, command")
    expect(follower.notes()).toContain("check REDIS_URL or GATEWAY_REDIS_URL; trying again")
    await add()
    await client.acl("SETUSER", "ops", ">right")
    await follower.accountsFor(written)
  },
)

/** Counts for a while how often a password is tried. */
async function measureAttempts({ client }: MortalRedis, measure: Measure, name: string): Promise<void> {
  const tried = async () => Number(/cmdstat_auth:calls=(\d+)/.exec(await client.info("commandstats"))?.[1] ?? 0)
  const before = await tried()
  await delay(seconds * 1_000)
  const inFiveSeconds = ((await tried()) - before) / Math.ceil(seconds / 5)
  measure(`passwords tried in 5 s, ${name}`, inFiveSeconds, "", { atMost: 1 })
}
