import { Redis } from "ioredis"
import { onTestFinished } from "vitest"
import { Sentinels } from "../support/sentinels.ts"
import { Terminal } from "../support/terminal.ts"
import { numbersIn } from "./support/numbers.ts"
import { Platform } from "./support/platform.ts"
import { Follower, judgeConsole, liveAgain } from "./support/readers.ts"
import { scenario } from "./support/scenario.ts"
import { sized } from "./support/size.ts"
import { Writer } from "./support/writer.ts"

const platform = new Platform()
const failovers = sized({ short: 1, full: 20 })
/** Entries a second around a failover, and while the next one is prepared. */
const RATE = 2_000
const CALM = 100
/** Entries before and after each. */
const MORE = sized({ short: 500, full: RATE })
/** More than comes between two looks at the stream. */
const KEEP = 100_000
/** In every other failover the replica has not heard of what was written for so long, in ms. */
const CUT_OFF_MS = 150

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
    const writer = new Writer(sentinels.url(1), platform.stream, KEEP)
    writer.rate = RATE
    await writer.more(MORE)
    const follower = new Follower(environment)
    const terminal = Terminal.opsdeck([], environment)
    await terminal.see("● live")
    const there = new Set<number>()
    const look = async () => {
      const redis = new Redis({ port: (await sentinels.primary())?.port as number, db: 1 })
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
    const written = await writer.end()
    await look()
    await follower.accountsFor(written)
    await terminal.see("● live", `/n/${written - 1}`)
    const oracle = await judgeConsole(terminal, written, failovers > 1 ? "held" : undefined)
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
