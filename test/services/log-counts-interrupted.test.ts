import { writeFile } from "node:fs/promises"
import { join } from "node:path"
import { expect, test } from "vitest"
import { readManifest } from "../../src/adapters/history/parquet/manifest.ts"
import { logTop } from "../../src/services/log-counts/log-counts.ts"
import { FIRST_MS, Gateway, numbered } from "../support/access-log.ts"
import { freshDatabase } from "../support/postgres.ts"
import { recordedLog } from "../support/recorded-log.ts"

const gateway = Gateway.forTests()
const database = freshDatabase()

const at = (ms: number) => new Date(FIRST_MS + ms).toISOString()

test("a file that is damaged is left out and named, and a question ends in the engine when nobody waits for it", async () => {
  const { stream, deck, directory, record } = recordedLog(gateway, database)
  const requests = numbered(30)
  await gateway.add(stream, requests.slice(0, 10), 0, 1000)
  await record(10)
  // Of another hour, or both files would soon be one.
  await gateway.add(stream, requests.slice(10, 20), 7_200_000, 1000)
  await record(20)
  await gateway.add(stream, requests.slice(20), 7_220_000, 1000)
  const files = join(directory, "gateway")
  const name = (await readManifest(files))?.files[0]?.name as string
  const asked = { by: "method", since: at(0), until: at(7_260_000) }
  expect((await deck.run(logTop, asked)).data).toMatchObject([{ value: "GET", requests: 30 }])
  await writeFile(join(files, name), "no Parquet")
  const answer = await deck.run(logTop, asked)
  expect(answer.data).toMatchObject([{ value: "GET", requests: 20 }])
  expect(await deck.caveat(logTop, answer)).toBe(`left out, since these files of the history cannot be read: ${name}`)
  const aborting = new AbortController()
  const asking = deck.run(logTop, asked, { signal: aborting.signal })
  aborting.abort()
  await expect(asking).rejects.toMatchObject({ code: "cancelled" })
})

test("the engine is interrupted while it works", async () => {
  const { history } = recordedLog(gateway, database)
  const aborting = new AbortController()
  const stretch = await history.stretch([{ fromMs: 0, untilMs: 1 }], [], aborting.signal)
  const forever = stretch.ask(() => "select count(*) from range(1000000000000) a, range(1000000) b")
  setTimeout(() => aborting.abort(), 50)
  await expect(forever).rejects.toMatchObject({ name: "AbortError" })
  stretch.close()
})
