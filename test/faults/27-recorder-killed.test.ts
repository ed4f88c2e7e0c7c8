import { setTimeout as delay } from "node:timers/promises"
import { expect } from "vitest"
import { startMortalRedis } from "../support/mortal-redis.ts"
import { startOpsdeck, temporaryDirectory } from "../support/program.ts"
import { accountFor } from "./support/recorded.ts"
import { scenario } from "./support/scenario.ts"
import { sized } from "./support/size.ts"
import { Writer } from "./support/writer.ts"

const STREAM = "test:recorded"
const KILLS = sized({ short: 2, full: 60 })
/** A recorder writes after five seconds: in the short size each is killed about then, in the full one at any time. */
const afterMs = sized({
  short: (kill: number) => 4_950 + ((kill * 170) % 500),
  full: (kill: number) => 300 + ((kill * 577) % 12_000),
})
/** As the gateway keeps it. */
const KEPT = 10_000

scenario(
  {
    number: 27,
    title: "the recorder killed again and again, in the middle of writing and merging",
    load: `2 000 entries/s, killed ${KILLS} times, about when each of them writes`,
    passes: "every entry is in the history once, or in a gap of exactly that size; a second recorder is refused",
    inSubset: true,
  },
  async measure => {
    const redis = await startMortalRedis()
    const directory = temporaryDirectory()
    const env = { REDIS_URL: `${redis.url}/1`, OPSDECK_STREAM: STREAM, OPSDECK_HISTORY: directory }
    const record = () => startOpsdeck(["record"], env)
    const writer = new Writer(`${redis.url}/1`, STREAM, KEPT)
    writer.rate = 2_000
    for (let kill = 0; kill < KILLS; kill++) {
      const recorder = record()
      await recorder.has(1)
      await delay(afterMs(kill))
      recorder.process.kill("SIGKILL")
      await recorder.status
    }
    const recorder = record()
    await recorder.has(1)
    const second = record()
    expect(await second.status).toBe(5)
    expect(second.stderr()).toContain("another recorder writes to")
    const written = await writer.end()

    const oracle = await accountFor(directory, written)
    recorder.process.kill("SIGTERM")
    expect(await recorder.status).toBe(0)
    measure("recorded", oracle.judged, "entries")
    measure("in gaps", oracle.lost, "entries")
  },
)
