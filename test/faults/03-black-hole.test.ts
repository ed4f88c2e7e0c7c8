import { setTimeout as delay } from "node:timers/promises"
import { onTestFinished } from "vitest"
import { startMortalRedis } from "../support/mortal-redis.ts"
import { startTcpProxy, type TcpProxy } from "../support/tcp-proxy.ts"
import { Terminal } from "../support/terminal.ts"
import { until } from "../support/waiting.ts"
import { Platform } from "./support/platform.ts"
import { Follower, judgeConsole, liveAgain, staleAfter } from "./support/readers.ts"
import { scenario } from "./support/scenario.ts"
import { sized } from "./support/size.ts"
import { Writer } from "./support/writer.ts"

const platform = new Platform()
const seconds = sized({ short: 6, full: 60 })
const RATE = 2_000
/** As the gateway does: what comes in a few seconds. */
const KEEP = 10_000

async function proxyTo(port: number): Promise<TcpProxy> {
  const proxy = await startTcpProxy(port)
  onTestFinished(() => proxy.close())
  return proxy
}

scenario(
  {
    number: 3,
    title: "a black hole on the way to Redis, without an end of the connections",
    load: `for ${seconds} s, 2 000 entries/s, of which the stream keeps ${KEEP}`,
    passes:
      "shown as stale within 4 s; every entry once and in order or in a gap of that size; no socket more afterwards",
    inSubset: true,
  },
  async measure => {
    const redis = await startMortalRedis()
    const [commands, consoles] = [await proxyTo(redis.port), await proxyTo(redis.port)]
    const writer = new Writer(`${redis.url}/1`, platform.stream, KEEP)
    writer.rate = 100
    await writer.more(1)
    const follower = new Follower(platform.environment(commands.port))
    const terminal = Terminal.opsdeck([], platform.environment(consoles.port))
    await terminal.see("● live", "/n/")
    await follower.reads()
    writer.rate = RATE
    await writer.more(2 * RATE)
    const before = consoles.open
    const restored = delay(seconds * 1_000).then(() => {
      for (const proxy of [commands, consoles]) proxy.restore()
    })
    for (const proxy of [commands, consoles]) proxy.swallow()
    measure("shown as stale after", await staleAfter(terminal), "s", { atMost: 4 })
    await restored
    const { console, command } = await liveAgain(terminal, follower)
    measure("the console is live again after", console, "s", { atMost: 5 })
    measure("the command is live again after", command, "s", { atMost: 5 })
    await until(() => commands.open === 1 && consoles.open <= before).catch(() => {})
    measure("sockets of the command afterwards", commands.open, "", { atMost: 1 })
    measure("sockets of the console afterwards", consoles.open, "", { atMost: before })
    await writer.more(2 * RATE)
    const written = await writer.end()
    await follower.accountsFor(written)
    await terminal.see("● live", `/n/${written - 1}`)
    const { lost } = await judgeConsole(terminal, written)
    measure("written, and had once or counted as lost", written, "entries")
    measure("counted as lost by the command", follower.oracle.lost, "entries")
    measure("counted as lost by the console", lost, "entries")
  },
)
