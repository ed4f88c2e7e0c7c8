import { setTimeout as delay } from "node:timers/promises"
import { startMortalRedis } from "../support/mortal-redis.ts"
import { Terminal } from "../support/terminal.ts"
import { Platform } from "./support/platform.ts"
import { Follower, judgeConsole, liveAgain, staleAfter } from "./support/readers.ts"
import { scenario } from "./support/scenario.ts"
import { sized } from "./support/size.ts"
import { Writer } from "./support/writer.ts"

const platform = new Platform()
const seconds = sized({ short: 6, full: 30 })
const RATE = 2_000

scenario(
  {
    number: 2,
    title: "redis-server frozen (SIGSTOP)",
    load: `for ${seconds} s, 2 000 entries/s`,
    passes: "shown as stale within 4 s; every entry once and in order, for console and command",
    inSubset: false,
  },
  async measure => {
    const redis = await startMortalRedis()
    const environment = platform.environment(redis.port)
    const writer = new Writer(`${redis.url}/1`, platform.stream, 1_000_000)
    writer.rate = RATE
    await writer.more(RATE)
    const follower = new Follower(environment)
    const terminal = Terminal.opsdeck([], environment)
    await terminal.see("● live")
    await writer.more(2 * RATE)
    const thaws = delay(seconds * 1_000).then(() => redis.thaw())
    redis.freeze()
    measure("shown as stale after", await staleAfter(terminal), "s", { atMost: 4 })
    await thaws
    const { console, command } = await liveAgain(terminal, follower)
    measure("the console is live again after", console, "s", { atMost: 5 })
    measure("the command is live again after", command, "s", { atMost: 5 })
    await writer.more(2 * RATE)
    const written = await writer.end()
    await follower.accountsFor(written)
    await terminal.see("● live", `/n/${written - 1}`)
    await judgeConsole(terminal, written)
    measure("written, and had once by the command and by the console", written, "entries")
  },
)
