import { rm } from "node:fs/promises"
import { join } from "node:path"
import { describe, expect } from "vitest"
import { recorderDirectory } from "../../src/adapters/history/directory.ts"
import { HistoryReader } from "../../src/adapters/history/parquet/reader.ts"
import { recorderCheck } from "../../src/services/doctor/recorder-check.ts"
import { recordEach } from "../../src/services/history/record-each.ts"
import { readRecordStatus } from "../../src/services/history/record-status.ts"
import { add, KEY, type Lab, test } from "../support/redis.ts"
import { eventually } from "../support/waiting.ts"

const RETENTION = { days: 36_500, bytes: 1e9 }

/** Records gateways, by their names and URLs, into one directory. */
function recording(directory: string, urls: Readonly<Record<string, string>>, ofStream = KEY) {
  const ending = new AbortController()
  const said: string[] = []
  const { signal } = ending
  const say = (message: string) => said.push(message)
  const gateways = Object.entries(urls).map(([gateway, url]) => {
    return { gateway, redis: { url }, stream: ofStream, retention: RETENTION, signal, say, flushMs: 50 }
  })
  const ended = recordEach({ directory }, gateways, 50)
  ended.catch(() => {})
  const end = () => {
    ending.abort()
    return ended
  }
  return { said, ended, end }
}

const statusOf = (directory: string, ...names: string[]) =>
  readRecordStatus(
    { directory },
    Date.now(),
    names.map(name => ({ name })),
  )

/** What the doctor's check of the recorders says. */
async function doctorSays(directory: string, ...names: string[]): Promise<string> {
  const config = { history: { directory }, redis: { gateways: names.map(name => ({ name })) } }
  return (await recorderCheck.look({ config } as never)).says
}

/** What is held of a gateway, by the field `n` of its entries. */
async function held(directory: string, gateway: string): Promise<number[]> {
  const reader = await HistoryReader.open(recorderDirectory(directory, gateway))
  const numbers: number[] = []
  for await (const row of reader.rows()) {
    expect(row).toMatchObject({ kind: "entry", entry: { gateway } })
    if (row.kind === "entry") numbers.push(Number(row.entry.get("n")))
  }
  reader.close()
  return numbers
}

const upTo = (count: number) => Array.from({ length: count }, (_, n) => n)

const directoryIn = async (lab: Lab) => join(await lab.dir(), "history")

describe("several gateways are recorded into one history", () => {
  test("while one is out of reach the other goes on, and nothing of either is lost", async ({ lab }) => {
    const directory = await directoryIn(lab)
    const [eu, us] = [await lab.redis(), await lab.redis()]
    const proxy = await lab.proxy(us.server)
    await add(eu.redis, 100)
    await add(us.redis, 50)
    const recorders = recording(directory, { eu: eu.server.url, us: proxy.url })
    await eventually(async () => expect((await statusOf(directory, "eu", "us")).entries).toBe(150))
    expect(await doctorSays(directory, "eu", "us")).toMatch(/^since .*, 0 gaps$/)
    expect(await statusOf(directory, "eu", "us")).toMatchObject({
      recording: true,
      trouble: null,
      gateways: [
        { gateway: "eu", entries: 100, recording: true },
        { gateway: "us", entries: 50, recording: true },
      ],
    })

    await proxy.close()
    await add(eu.redis, 100, 100)
    await add(us.redis, 50, 50)
    await eventually(async () => expect((await statusOf(directory, "eu", "us")).entries).toBe(250))
    await eventually(async () =>
      expect((await statusOf(directory, "eu", "us")).trouble).toMatch(/^us: .*; trying again$/),
    )
    await lab.proxy(us.server, proxy.port)
    await eventually(async () => expect((await statusOf(directory, "eu", "us")).entries).toBe(300))
    await recorders.end()
    expect(await held(directory, "eu")).toEqual(upTo(200))
    expect(await held(directory, "us")).toEqual(upTo(100))
    expect(recorders.said.filter(said => said.endsWith("everything that was read is written")).sort()).toEqual([
      "eu: ended; everything that was read is written",
      "us: ended; everything that was read is written",
    ])
    const after = await statusOf(directory, "eu", "us")
    expect(after).toMatchObject({ recording: false, gaps: 0, lost: 0 })
  })

  test("one whose directory is another stream's is tried again, and does not stop the other", async ({ lab }) => {
    const directory = await directoryIn(lab)
    const { server, redis } = await lab.redis()
    const before = recording(directory, { us: server.url }, "another stream")
    await eventually(() => expect(before.said).toHaveLength(1))
    await before.end()
    await add(redis, 10)
    const recorders = recording(directory, { eu: server.url, us: server.url })
    await eventually(async () => expect((await statusOf(directory, "eu", "us")).entries).toBe(10))
    const refusal = /^us: .*gateway-us holds the log of another stream on .*; trying again$/
    expect(recorders.said.filter(said => said.startsWith("us: "))).toEqual([expect.stringMatching(refusal)])
    const status = await statusOf(directory, "eu", "us")
    expect(status).toMatchObject({ recording: false, since: null, lag_s: expect.any(Number) })
    expect(status.gateways?.map(({ recording }) => recording)).toEqual([true, false])

    expect(await doctorSays(directory, "eu", "us")).toBe(`not being recorded into ${directory}: us, never`)

    await rm(join(directory, "gateway-us"), { recursive: true })
    await eventually(async () => expect((await statusOf(directory, "eu", "us")).entries).toBe(20))
    await recorders.end()
    expect(await held(directory, "us")).toEqual(upTo(10))
  })

  test("where none can be written it ends, and says why", async ({ lab }) => {
    const directory = await directoryIn(lab)
    const { server } = await lab.redis()
    const before = recording(directory, { eu: server.url, us: server.url }, "another stream")
    await eventually(() => expect(before.said).toHaveLength(2))
    await before.end()
    await expect(recording(directory, { eu: server.url, us: server.url }).ended).rejects.toMatchObject({
      code: "conflict",
      message: expect.stringMatching(/^(eu|us): .*gateway-(eu|us) holds the log of another stream/),
    })
  })
})
