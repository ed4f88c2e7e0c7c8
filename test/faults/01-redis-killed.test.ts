import { setTimeout as delay } from "node:timers/promises"
import { RATE, startBusyLog } from "./support/busy-log.ts"
import { Platform } from "./support/platform.ts"
import { liveAgain } from "./support/readers.ts"
import { scenario } from "./support/scenario.ts"
import { sized } from "./support/size.ts"

const platform = new Platform()
const kills = sized({ short: 2, full: 20 })
/** Each time it stays away for so much longer, in ms: its return meets every length of the pauses between attempts. */
const AWAY_MS = 450

scenario(
  {
    number: 1,
    title: "redis-server killed -9 and started again from its append-only file",
    load: `${kills} times, 2 000 entries/s`,
    passes: "every entry once and in order, for console and command; live within 5 s of its return",
    inSubset: true,
  },
  async measure => {
    const { redis, writer, follower, terminal, end } = await startBusyLog(platform)
    const consoleTook: number[] = []
    const commandTook: number[] = []
    for (let kill = 0; kill < kills; kill++) {
      await writer.more(RATE)
      await redis.kill()
      await terminal.see("reconnecting")
      await delay(kill * AWAY_MS)
      await redis.restart()
      const { console, command } = await liveAgain(terminal, follower)
      consoleTook.push(console)
      commandTook.push(command)
    }
    const written = await end()
    measure("written, and had once by the command and by the console", written, "entries")
    measure("the console is live again after, worst", Math.max(...consoleTook), "s", { atMost: 5 })
    measure("the command is live again after, worst", Math.max(...commandTook), "s", { atMost: 5 })
  },
)
