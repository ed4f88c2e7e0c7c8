import { onTestFinished } from "vitest"
import { pourNumbered } from "../../bench/requests.ts"
import { startMortalRedis } from "../support/mortal-redis.ts"
import { startTcpProxy } from "../support/tcp-proxy.ts"
import { Terminal } from "../support/terminal.ts"
import { Platform } from "./support/platform.ts"
import { Follower, judgeConsole } from "./support/readers.ts"
import { scenario } from "./support/scenario.ts"
import { sized } from "./support/size.ts"

const platform = new Platform()
/** How many come in an outage, and how many of all are left then. */
const outages = sized({
  short: [
    [500, 499],
    [1_000, 1],
    [400, 0],
  ],
  full: [
    [500, 499],
    [1_000, 1],
    [400, 0],
    [1, 0],
    [30_000, 29_999],
    [100, 100],
    [60_000, 10_000],
    [100, 5_000],
    [2_000, 50],
  ],
}) as readonly (readonly [come: number, left: number])[]
const EVERYTHING = 1_000_000

scenario(
  {
    number: 5,
    title: "the stream trimmed while the readers are disconnected",
    load: `${outages.length} outages, in which up to ${Math.max(...outages.map(([come]) => come))} entries come`,
    passes: "the gap row has the exact number, for console and command",
    inSubset: true,
  },
  async measure => {
    const redis = await startMortalRedis()
    const proxy = await startTcpProxy(redis.port)
    onTestFinished(() => proxy.close())
    let written = 0
    let had = 0
    const add = async (count: number) => {
      await pourNumbered(redis.client, platform.stream, written, written + count, EVERYTHING)
      written += count
    }
    await add(100)
    const follower = new Follower(platform.environment(proxy.port))
    const terminal = Terminal.opsdeck([], platform.environment(proxy.port))
    let lost = 0
    for (const [come, left] of outages) {
      await terminal.see("● live", `/n/${written - 1}`)
      await follower.accountsFor(written)
      had = written
      proxy.swallow()
      proxy.reset()
      await terminal.see("reconnecting")
      await add(come)
      await redis.client.xtrim(platform.stream, "MAXLEN", "=", left)
      lost += Math.max(0, written - had - left)
      proxy.restore()
      await add(10)
    }
    await follower.accountsFor(written)
    await terminal.see("● live", `/n/${written - 1}`)
    const oracle = await judgeConsole(terminal, written)
    measure("trimmed before they could be read", lost, "entries")
    measure("told as lost by the console, more or fewer", Math.abs(oracle.lost - lost), "entries", { atMost: 0 })
    measure("told as lost by the command, more or fewer", Math.abs(follower.oracle.lost - lost), "entries", {
      atMost: 0,
    })
  },
)
