import { onTestFinished } from "vitest"
import { type ClusterNode, RedisCluster } from "../support/redis-cluster.ts"
import { CALM, CUT_OFF_MS, MORE, RATE, underLoad } from "./support/failovers.ts"
import { numbersIn } from "./support/numbers.ts"
import { Platform } from "./support/platform.ts"
import { liveAgain } from "./support/readers.ts"
import { scenario } from "./support/scenario.ts"
import { sized } from "./support/size.ts"

const platform = new Platform()
const rounds = sized({ short: 1, full: 6 })
const KEEP = 20_000

scenario(
  {
    number: 32,
    title: "a Cluster of six nodes: the stream's slot moved, and the primary that has it killed -9",
    load: `${rounds} times each, ${RATE} entries/s; every other time the primary's replica was cut off from it for ${CUT_OFF_MS} ms`,
    passes:
      "what the Cluster has is read once and in order, by console and command; each failover is told, and no move of a slot; live within 5 s",
    inSubset: true,
  },
  async measure => {
    const cluster = await RedisCluster.start()
    onTestFinished(() => cluster.stop())
    const url = cluster.url(3)
    const environment = platform.environmentAt(url, url)
    const { writer, follower, terminal, end } = await underLoad(environment, cluster.url(), platform.stream, KEEP)
    const there = new Set<number>()
    const look = async () => {
      const { redis } = await cluster.ownerOf(platform.stream)
      for (const number of await numbersIn(redis, platform.stream)) there.add(number)
    }
    const took: { console: number; command: number }[] = []
    for (let round = 0; round < rounds; round++) {
      writer.rate = RATE
      await writer.more(MORE)
      await cluster.move(platform.stream)
      took.push(await liveAgain(terminal, follower))
      await writer.more(MORE)
      await look()
      const killed: ClusterNode = await cluster.failover(platform.stream, round % 2 === 0 ? CUT_OFF_MS : 0)
      took.push(await liveAgain(terminal, follower))
      await writer.more(MORE)
      await look()
      writer.rate = CALM
      if (round < rounds - 1) await cluster.restart(killed)
    }
    const { written, oracle } = await end(look, "held")
    measure("written", written, "entries")
    measure("lost by the new primaries, and read before", follower.oracle.judged - there.size, "entries")
    measure("there to be read, and left out by the command", follower.oracle.missed(there), "entries", { atMost: 0 })
    measure("there to be read, and left out by the console", oracle.missed(there), "entries", { atMost: 0 })
    measure("failovers told by the command, more or fewer", Math.abs(follower.oracle.failovers - rounds), "", {
      atMost: 0,
    })
    measure("resets told by the command", follower.oracle.resets, "", { atMost: 0 })
    measure("the console is live again after, worst", Math.max(...took.map(({ console }) => console)), "s", {
      atMost: 5,
    })
    measure("the command is live again after, worst", Math.max(...took.map(({ command }) => command)), "s", {
      atMost: 5,
    })
  },
)
