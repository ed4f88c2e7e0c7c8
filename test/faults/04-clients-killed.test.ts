import { setTimeout as delay } from "node:timers/promises"
import { startBusyLog } from "./support/busy-log.ts"
import { Platform } from "./support/platform.ts"
import { scenario } from "./support/scenario.ts"
import { sized } from "./support/size.ts"

const platform = new Platform()
const seconds = sized({ short: 4, full: 60 })
const EVERY_MS = 200

scenario(
  {
    number: 4,
    title: "the connections killed (CLIENT KILL), again and again",
    load: `every ${EVERY_MS} ms for ${seconds} s, 2 000 entries/s`,
    passes: "every entry once and in order, for console and command",
    inSubset: false,
  },
  async measure => {
    const { redis, end } = await startBusyLog(platform)
    let killed = 0
    for (const end = performance.now() + seconds * 1_000; performance.now() < end; await delay(EVERY_MS)) {
      killed += await redis.killConnections()
    }
    const written = await end()
    measure("connections killed", killed, "", { atLeast: seconds })
    measure("written, and had once by the command and by the console", written, "entries")
  },
)
