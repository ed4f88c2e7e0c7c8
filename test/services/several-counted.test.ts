import { writeFile } from "node:fs/promises"
import { join } from "node:path"
import { expect, onTestFinished, test } from "vitest"
import { recorderDirectory } from "../../src/adapters/history/directory.ts"
import { readManifest } from "../../src/adapters/history/parquet/manifest.ts"
import { openRedis } from "../../src/adapters/redis/connections.ts"
import { rfc3339 } from "../../src/domain/access-log.ts"
import { parseFilter } from "../../src/domain/access-log-filter.ts"
import { withFigures } from "../../src/services/incidents/window-figures.ts"
import { logTop } from "../../src/services/log-counts/log-counts.ts"
import { simulateDay } from "../../src/services/log-counts/threshold-day.ts"
import { userRequests } from "../../src/services/log-counts/user-requests.ts"
import { whatChanged } from "../../src/services/log-counts/what-changed.ts"
import { windowMovers } from "../../src/services/log-counts/window-movers.ts"
import { FIRST_MS, Gateway, newStream, request } from "../support/access-log.ts"
import { freshDatabase } from "../support/postgres.ts"
import { newHistory, recordEachUntil } from "../support/recorded-log.ts"

const gateway = Gateway.forTests()
const database = freshDatabase()
const ALICE = "0a11ce00-0000-4000-8000-000000000001"

/** Two gateways with requests of one user in the last minutes, 60 and 30; the older ones only in the history. */
async function twoGateways() {
  const { directory, settings, history } = newHistory()
  const [eu, us, url] = [newStream(), newStream(), `${gateway.server.url}/1`]
  const fromMs = Date.now() - 120_000
  const requests = (count: number) => Array.from({ length: count }, () => request({ user_id: ALICE, risk_score: "90" }))
  await gateway.add(eu, requests(60), fromMs - FIRST_MS, 1000)
  await gateway.add(us, requests(30), fromMs - FIRST_MS, 1000)
  await recordEachUntil(settings, { eu: { url, stream: eu }, us: { url, stream: us } }, 90)
  for (const stream of [eu, us]) await gateway.writer.xtrim(stream, "MAXLEN", "=", 10)
  return { directory, deck: gateway.deckOfSeveral({ eu, us }, database.postgres, {}, history), fromMs }
}

test("a user's requests, a threshold's day, movers and what changed are of all gateways", async () => {
  const { deck, fromMs } = await twoGateways()
  const { days } = await deck.run(userRequests, { id: ALICE })
  expect(days?.reduce((sum, { requests }) => sum + requests, 0)).toBe(90)
  const { day } = await deck.run(simulateDay, { threshold: 0.8 })
  expect(day).toMatchObject({ requests: 90, rejected: 90, addresses: 1 })
  expect(day?.lacking?.map(({ gateway, held_s }) => [gateway, Math.round(held_s / 60)])).toEqual([
    ["eu", 2],
    ["us", 2],
  ])
  const [since, until] = [new Date(fromMs), new Date(fromMs + 60_000)].map(time => time.toISOString())
  const { dimensions } = await deck.run(windowMovers, { since, until, sort: "rate", limit: 10 })
  expect(dimensions.find(({ key }) => key === "gateway")?.data).toMatchObject([
    { value: "eu", requests: 60 },
    { value: "us", requests: 30 },
  ])
  const half = new Date(fromMs + 30_000).toISOString()
  const changed = await deck.run(whatChanged, { window: `${half}..${until}`, with: `${since}..${half}` })
  expect(changed).toMatchObject({ before: { requests: 60 }, after: { requests: 30 } })
})

test("a file of one gateway that cannot be read is left out, and named with its directory", async () => {
  const { directory, deck } = await twoGateways()
  const files = recorderDirectory(directory, "us")
  const name = (await readManifest(files))?.files[0]?.name as string
  await writeFile(join(files, name), "no Parquet")
  const answer = await deck.run(logTop, { by: "gateway", since: "1h" })
  expect(answer.data).toMatchObject([{ value: "eu", requests: 60 }])
  expect(await deck.caveat(logTop, answer)).toMatch(
    new RegExp(`^left out, since these files of the history cannot be read: gateway-us/${name}(;|$)`),
  )
})

test("figures of an incident are of all streams where nothing is recorded", async () => {
  const streams = { eu: newStream(), us: newStream() }
  await gateway.add(streams.eu, Array(60).fill(request()), 0, 1000)
  await gateway.add(streams.us, Array(30).fill(request({ status: "503" })), 30_000, 1000)
  const logs = openRedis({
    api: { url: gateway.server.url },
    gateways: [
      { name: "eu", redis: { url: `${gateway.server.url}/1` }, stream: streams.eu },
      { name: "us", redis: { url: `${gateway.server.url}/1` }, stream: streams.us },
    ],
  })
  onTestFinished(() => logs.close())
  const sources = {
    logs: logs.gateways.map(one => ({ name: one.name, gateway: one })),
    signal: new AbortController().signal,
    usersOf: async () => new Map(),
  }
  const window = { fromMs: FIRST_MS, untilMs: FIRST_MS + 60_000 }
  const figures = (text: string) =>
    withFigures(sources, [window], figuresOf => figuresOf(window, { filter: parseFilter(text), users: new Map() }))
  // Of eu 60 s are known, of us 30.
  expect(await figures("")).toMatchObject({ since: rfc3339(FIRST_MS), requests: 90, per_second: 2, failed: 1 / 3 })
  expect(await figures("gateway:us")).toMatchObject({ requests: 30, failed: 1 })
})
