import { Redis } from "ioredis"
import { onTestFinished } from "vitest"
import type { RedisServer } from "../../src/demo/redis-server.ts"
import { Sentinels } from "../support/sentinels.ts"
import { until } from "../support/waiting.ts"
import { CALM, CUT_OFF_MS, MORE, RATE, underLoad } from "./support/failovers.ts"
import { numbersIn } from "./support/numbers.ts"
import { Platform } from "./support/platform.ts"
import { liveAgain } from "./support/readers.ts"
import { scenario } from "./support/scenario.ts"
import { sized } from "./support/size.ts"

const platform = new Platform()
const failovers = sized({ short: 1, full: 20 })
/** More than comes between two looks at the stream. */
const KEEP = 100_000

scenario(
  {
    number: 31,
    title: "a primary of Redis under three Sentinels killed -9",
    load: `${failovers} times, ${RATE} entries/s; every other time its replica was cut off from it for ${CUT_OFF_MS} ms`,
    passes:
      "what the new primary has is read once and in order, by console and command; each failover is told; live within 5 s",
    inSubset: true,
  },
  async measure => {
    const sentinels = await Sentinels.start()
    onTestFinished(() => sentinels.stop())
    const environment = platform.environmentAt(sentinels.url(0), sentinels.url(1))
    const { writer, follower, terminal, end } = await underLoad(environment, sentinels.url(1), platform.stream, KEEP)
    const there = new Set<number>()
    const look = async () => {
      const { port } = (await until(() => sentinels.primary())) as RedisServer
      const redis = new Redis({ port, db: 1 })
      for (const number of await numbersIn(redis, platform.stream)) there.add(number)
      redis.disconnect()
    }
    const took: number[] = []
    const consoleTook: number[] = []
    const commandTook: number[] = []
    for (let failover = 0; failover < failovers; failover++) {
      writer.rate = RATE
      await writer.more(MORE)
      const from = performance.now()
      const killed = await sentinels.failover(failover % 2 === 0 ? CUT_OFF_MS : 0)
      took.push((performance.now() - from) / 1_000)
      const { console, command } = await liveAgain(terminal, follower)
      consoleTook.push(console)
      commandTook.push(command)
      await writer.more(MORE)
      await look()
      writer.rate = CALM
      if (failover < failovers - 1) await sentinels.restart(killed)
    }
    const { written, oracle } = await end(look, failovers > 1 ? "held" : undefined)
    const leftOut = follower.oracle.leftOut.reduce((sum, [first, behind]) => sum + behind - first, 0)
    measure("written", written, "entries")
    measure("the Sentinels had another primary after, worst", Math.max(...took), "s")
    measure("lost by the new primary, and read before", follower.oracle.judged - there.size, "entries")
    measure("lost by the new primary, and never read", leftOut, "entries")
    measure("of these there to be read", follower.oracle.missed(there), "entries", { atMost: 0 })
    measure("of these there to be read, by the console", oracle.missed(there), "entries", { atMost: 0 })
    measure("failovers told by the command, more or fewer", Math.abs(follower.oracle.failovers - failovers), "", {
      atMost: 0,
    })
    measure("the console is live again after, worst", Math.max(...consoleTook), "s", { atMost: 5 })
    measure("the command is live again after, worst", Math.max(...commandTook), "s", { atMost: 5 })
  },
)
