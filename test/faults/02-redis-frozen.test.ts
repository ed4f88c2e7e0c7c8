import { setTimeout as delay } from "node:timers/promises"
import { startBusyLog } from "./support/busy-log.ts"
import { Platform } from "./support/platform.ts"
import { liveAgain, staleAfter } from "./support/readers.ts"
import { scenario } from "./support/scenario.ts"
import { sized } from "./support/size.ts"

const platform = new Platform()
const seconds = sized({ short: 6, full: 30 })

scenario(
  {
    number: 2,
    title: "redis-server frozen (SIGSTOP)",
    load: `for ${seconds} s, 2 000 entries/s`,
    passes: "shown as stale within 4 s; every entry once and in order, for console and command",
    inSubset: false,
  },
  async measure => {
    const { redis, follower, terminal, end } = await startBusyLog(platform)
    const thaws = delay(seconds * 1_000).then(() => redis.thaw())
    redis.freeze()
    measure("shown as stale after", await staleAfter(terminal), "s", { atMost: 4 })
    await thaws
    const { console, command } = await liveAgain(terminal, follower)
    measure("the console is live again after", console, "s", { atMost: 5 })
    measure("the command is live again after", command, "s", { atMost: 5 })
    const written = await end()
    measure("written, and had once by the command and by the console", written, "entries")
  },
)
