import { execFileSync } from "node:child_process"
import { setTimeout as delay } from "node:timers/promises"
import { startMortalRedis } from "../support/mortal-redis.ts"
import { startOpsdeck, temporaryDirectory } from "../support/program.ts"
import { until } from "../support/waiting.ts"
import { accountFor } from "./support/recorded.ts"
import { scenario } from "./support/scenario.ts"
import { sized } from "./support/size.ts"
import { Writer } from "./support/writer.ts"

const STREAM = "test:recorded"
const PER_SECOND = sized({ short: 2_000, full: 5_000 })
/** As the gateway keeps it. */
const KEPT = 10_000
const FULL_S = sized({ short: 2, full: 60 })

scenario(
  {
    number: 28,
    title: "the recorder's disk is full for a while",
    load: `${PER_SECOND} entries/s; for ${FULL_S} s no file can grow`,
    passes: "it says so, goes on by itself, and every entry is in the history once, or in a gap of exactly that size",
    inSubset: true,
  },
  async measure => {
    const redis = await startMortalRedis()
    const directory = temporaryDirectory()
    const env = { REDIS_URL: `${redis.url}/1`, OPSDECK_STREAM: STREAM, OPSDECK_HISTORY: directory }
    const recorder = startOpsdeck(["record"], env)
    await recorder.has(1)
    /** Files of the process may have so many bytes: writing more fails as on a full disk. */
    const limit = (bytes: string) => execFileSync("prlimit", [`--pid=${recorder.process.pid}`, `--fsize=${bytes}`])
    const said = (what: string) => until(() => recorder.lines.some(line => line.includes(what)))
    const writer = new Writer(`${redis.url}/1`, STREAM, KEPT)
    writer.rate = PER_SECOND
    limit("0:unlimited")
    await said("the history cannot be written")
    await delay(FULL_S * 1_000)
    limit("unlimited")
    await said("the history can be reached again")
    const written = await writer.end()
    const { judged, lost } = await accountFor(directory, written)
    recorder.process.kill("SIGTERM")
    await recorder.status
    measure("recorded", judged, "entries")
    measure("in gaps", lost, "entries")
  },
)
