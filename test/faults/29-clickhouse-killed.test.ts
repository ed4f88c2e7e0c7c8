import { mkdir } from "node:fs/promises"
import { join } from "node:path"
import { setTimeout as delay } from "node:timers/promises"
import { expect, onTestFinished } from "vitest"
import { hasClickHouse, NO_CLICKHOUSE, startClickHouse } from "../support/clickhouse.ts"
import { startMortalRedis } from "../support/mortal-redis.ts"
import { startOpsdeck, temporaryDirectory } from "../support/program.ts"
import { startTcpProxy } from "../support/tcp-proxy.ts"
import { until } from "../support/waiting.ts"
import { accountForServer } from "./support/recorded.ts"
import { scenario } from "./support/scenario.ts"
import { sized } from "./support/size.ts"
import { Writer } from "./support/writer.ts"

const STREAM = "test:recorded"
const KILLS = sized({ short: 1, full: 4 })
const AWAY_S = sized({ short: 1, full: 5 })
/** As the gateway keeps it. */
const KEPT = 10_000

scenario(
  {
    number: 29,
    title: "ClickHouse and the recorder into it, killed by turns",
    load: `2 000 entries/s; ${KILLS} times each: the recorder killed between an insert and its answer, the server killed and away for ${AWAY_S} s, and frozen for as long`,
    passes: "every entry is in the history once, or in a gap of exactly that size",
    inSubset: false,
  },
  async (measure, { skip }) => {
    if (!hasClickHouse()) return skip(NO_CLICKHOUSE)
    const directory = join(temporaryDirectory(), "clickhouse")
    await mkdir(directory)
    const server = await startClickHouse(directory)
    onTestFinished(() => server.kill())
    const database = await server.create("log")
    const proxy = await startTcpProxy(server.port)
    onTestFinished(() => proxy.close())
    const redis = await startMortalRedis()
    const env = {
      REDIS_URL: `${redis.url}/1`,
      OPSDECK_STREAM: STREAM,
      OPSDECK_HISTORY: server.database("log", proxy.port).name,
      OPSDECK_HISTORY_PASSWORD: database.password,
    }
    const record = async () => {
      const recorder = startOpsdeck(["record"], env)
      await recorder.has(1)
      return recorder
    }
    const writer = new Writer(`${redis.url}/1`, STREAM, KEPT)
    writer.rate = 2_000
    let recorder = await record()
    const says = async (what: string, since: number) =>
      until(() => recorder.lines.slice(since).some(line => line.includes(what)))
    for (let kill = 0; kill < KILLS; kill++) {
      // The insert arrives, its answer does not, and nobody is left to ask for it.
      await proxy.cut("RowBinary", "unanswered")
      recorder.process.kill("SIGKILL")
      await recorder.status
      recorder = await record()
      // The same, but the recorder lives.
      await proxy.cut("RowBinary", "unanswered")
      await says("the history can be reached again", 0)
      for (const [harm, mend] of [
        [server.kill, server.restart],
        [server.freeze, server.thaw],
      ] as const) {
        await delay(1_000 + ((kill * 577) % 4_000))
        const { length } = recorder.lines
        await harm()
        await delay(AWAY_S * 1_000)
        await mend()
        if (harm === server.kill) await says("the history can be reached again", length)
      }
    }
    const second = startOpsdeck(["record"], env)
    expect(await second.status).toBe(5)
    expect(second.stderr()).toContain("another recorder writes to")
    const written = await writer.end()
    const { judged, lost } = await accountForServer(database, written)
    recorder.process.kill("SIGTERM")
    expect(await recorder.status).toBe(0)
    measure("recorded", judged, "entries")
    measure("in gaps", lost, "entries")
  },
)
