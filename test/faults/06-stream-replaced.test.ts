import { setTimeout as delay } from "node:timers/promises"
import { cpuSeconds } from "../../bench/measures.ts"
import { request } from "../support/access-log.ts"
import { startMortalRedis } from "../support/mortal-redis.ts"
import { Terminal } from "../support/terminal.ts"
import { Platform } from "./support/platform.ts"
import { Follower, judgeConsole } from "./support/readers.ts"
import { scenario } from "./support/scenario.ts"
import { sized } from "./support/size.ts"

const platform = new Platform()
const watched = sized({ short: 4, full: 20 })
const RESET = "the stream was recreated"

scenario(
  {
    number: 6,
    title: "the stream deleted and made again, with lower and with higher ids; its key turned into a string",
    load: `each once, the string for ${watched} s`,
    passes: "a reset row each, an error row; less than 5 % CPU meanwhile",
    inSubset: false,
  },
  async measure => {
    const { client, port } = await startMortalRedis()
    const { stream } = platform
    let written = 0
    /** Adds ten; the first gets the id `first`. */
    const add = async (first = "*") => {
      const adding = client.multi()
      for (let i = 0; i < 10; i++) {
        adding.xadd(stream, i === 0 ? first : "*", ...Object.entries(request({ path: `/n/${written++}` })).flat())
      }
      await adding.exec()
    }
    await add()
    const follower = new Follower(platform.environment(port))
    const terminal = Terminal.opsdeck([], platform.environment(port))
    const allRead = async () => {
      await terminal.see("● live", `/n/${written - 1}`)
      await follower.accountsFor(written)
    }
    await allRead()
    for (const first of ["9000000000000-0", "1000-0", "9000000000000-7"]) {
      await client.del(stream)
      await add(first)
      await terminal.see(RESET)
      await allRead()
    }

    await client.set(stream, "a string")
    const turned = performance.now()
    await terminal.see(/reconnecting in \ds, attempt \d+: .*another type under this key/)
    measure("the error row is there after", (performance.now() - turned) / 1_000, "s", { atMost: 4 })
    const pids = { console: terminal.process.pid, command: follower.pid }
    const before = { console: cpuSeconds(pids.console), command: cpuSeconds(pids.command), at: performance.now() }
    await delay(watched * 1_000)
    const passed = (performance.now() - before.at) / 1_000
    for (const name of ["console", "command"] as const) {
      const share = ((cpuSeconds(pids[name]) - before[name]) / passed) * 100
      measure(`CPU of the ${name} meanwhile`, share, "%", { atMost: 5 })
    }

    await client.del(stream)
    await add("1000-0")
    await allRead()
    measure("resets told by the command", follower.oracle.resets, "", { atLeast: 4 })
    const { resets } = await judgeConsole(terminal, written)
    measure("reset rows of the console", resets, "", { atLeast: 4 })
  },
)
