import { setTimeout as delay } from "node:timers/promises"
import { residentMegabytes } from "../../bench/measures.ts"
import { pourNumbered } from "../../bench/requests.ts"
import { numbersOn } from "../support/log-view.ts"
import { startMortalRedis } from "../support/mortal-redis.ts"
import { Terminal } from "../support/terminal.ts"
import { Platform } from "./support/platform.ts"
import { judgeConsole } from "./support/readers.ts"
import { scenario } from "./support/scenario.ts"
import { sized } from "./support/size.ts"
import { Writer } from "./support/writer.ts"

const platform = new Platform()
const seconds = sized({ short: 8, full: 120 })
const RATE = 2_000
/** Five seconds of the stream: whoever stops reading for longer loses entries. */
const KEEP = 10_000
/** More than the ring holds. */
const FULL = 210_000

scenario(
  {
    number: 19,
    title: "the terminal not read",
    load: `for ${seconds} s, ${RATE} entries/s, of which the stream keeps ${KEEP}; terminal of 160x50, ring full`,
    passes: "reading goes on, less than 50 MB more memory beside the ring, the newest frame on return",
    inSubset: false,
  },
  async measure => {
    const redis = await startMortalRedis()
    const { client, url, port } = redis
    await pourNumbered(client, platform.stream, 0, 1, KEEP)
    const terminal = Terminal.opsdeck([], platform.environment(port), { columns: 160, rows: 50 })
    await terminal.see("● live", "/n/0")
    for (let filled = 1; filled < FULL; filled += KEEP / 2) {
      await pourNumbered(client, platform.stream, filled, filled + KEEP / 2, KEEP)
      await terminal.wait(() => (numbersOn(terminal).at(-1) ?? 0) >= filled, "the ring is not filled")
    }
    const writer = new Writer(`${url}/1`, platform.stream, KEEP)
    writer.rate = RATE
    await writer.more(3 * RATE)

    const before = residentMegabytes(terminal.process.pid)
    const frames = () => terminal.output.split("\x1b[?2026h").length - 1
    terminal.process.pause()
    const drawn = frames()
    let most = before
    for (const end = performance.now() + seconds * 1_000; performance.now() < end; await delay(500)) {
      most = Math.max(most, residentMegabytes(terminal.process.pid))
    }
    const newest = writer.written
    const from = performance.now()
    terminal.process.resume()
    await terminal.wait(() => (numbersOn(terminal).at(-1) ?? 0) >= newest, "not the newest frame")
    measure("the newest frame after", (performance.now() - from) / 1_000, "s", { atMost: 2 })
    measure("frames drawn until then", frames() - drawn, "")
    measure("resident before", before, "MB")
    measure("more at most while it was not read", most - before, "MB", { atMost: 50 })

    const written = await writer.end()
    await terminal.see("● live", `/n/${written - 1}`)
    const { lost, judged } = await judgeConsole(terminal, written, "held")
    measure("entries held and judged", judged, "entries")
    measure("lost of those", lost, "entries", { atMost: 0 })
  },
)
