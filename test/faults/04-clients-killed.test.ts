import { setTimeout as delay } from "node:timers/promises"
import { startMortalRedis } from "../support/mortal-redis.ts"
import { Terminal } from "../support/terminal.ts"
import { Platform } from "./support/platform.ts"
import { Follower, judgeConsole } from "./support/readers.ts"
import { scenario } from "./support/scenario.ts"
import { sized } from "./support/size.ts"
import { Writer } from "./support/writer.ts"

const platform = new Platform()
const seconds = sized({ short: 4, full: 60 })
const RATE = 2_000
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
    const redis = await startMortalRedis()
    const environment = platform.environment(redis.port)
    const writer = new Writer(`${redis.url}/1`, platform.stream, 1_000_000)
    writer.rate = RATE
    await writer.more(RATE)
    const follower = new Follower(environment)
    const terminal = Terminal.opsdeck([], environment)
    await terminal.see("● live")
    let killed = 0
    for (const end = performance.now() + seconds * 1_000; performance.now() < end; await delay(EVERY_MS)) {
      killed += await redis.killConnections()
    }
    await writer.more(RATE)
    const written = await writer.end()
    await follower.accountsFor(written)
    await terminal.see("● live", `/n/${written - 1}`)
    await judgeConsole(terminal, written)
    measure("connections killed", killed, "", { atLeast: seconds })
    measure("written, and had once by the command and by the console", written, "entries")
  },
)
