import { writeFile } from "node:fs/promises"
import { join } from "node:path"
import { expect, test } from "vitest"
import { readManifest } from "../../src/adapters/history/parquet/manifest.ts"
import { readLog } from "../../src/services/access-log.ts"
import { recorderCheck } from "../../src/services/doctor/recorder-check.ts"
import type { ExaminationContext } from "../../src/services/operation.ts"
import { Gateway, idOf, numbered } from "../support/access-log.ts"
import { freshDatabase } from "../support/postgres.ts"
import { recordedLog } from "../support/recorded-log.ts"

const gateway = Gateway.forTests()
const database = freshDatabase()

/** A stream with a history, and pages of both. */
function opened() {
  const log = recordedLog(gateway, database)
  const pages = async (input: object, limit = 7) => {
    const numbers: number[] = []
    let before: string | undefined
    do {
      const page = await log.deck.run(readLog, { ...input, limit, ...(before && { before }) })
      numbers.push(...page.data.map(({ path }) => Number(path.slice("/n/".length))))
      before = page.next_before
    } while (before !== undefined)
    return numbers
  }
  return { ...log, pages }
}

const down = (from: number, to: number) => Array.from({ length: from - to + 1 }, (_, i) => from - i)

test("pages go on in the history where the stream ends, without an entry twice or missing", async () => {
  const { stream, deck, pages, record } = opened()
  await gateway.add(stream, numbered(40))
  await record(40)
  await gateway.writer.xtrim(stream, "MAXLEN", "=", 10)
  await gateway.add(stream, numbered(5, 40), 40)
  expect(await pages({})).toEqual(down(44, 0))
  expect(await pages({}, 200)).toEqual(down(44, 0))
  expect(await pages({ path: "/n/2" })).toEqual([...down(29, 20), 2])
  // From a place within the history, and between two places in it.
  expect(await pages({ before: idOf(12) })).toEqual(down(11, 0))
  expect(await pages({ since: idOf(8), until: idOf(33) })).toEqual(down(33, 8))
  expect(await pages({ since: idOf(38) })).toEqual(down(44, 38))
  const times = { since: "2023-11-14T22:13:20.010Z", until: "2023-11-14T22:13:20.020Z" }
  expect(await pages(times)).toEqual(down(19, 10))
  expect(await deck.run(readLog, times)).toMatchObject({
    since: "2023-11-14T22:13:20.01Z",
    until: "2023-11-14T22:13:20.02Z",
  })
})

test("a stream that was made anew stands before all that was recorded, and each epoch has its place", async () => {
  const { stream, pages, record } = opened()
  await gateway.add(stream, numbered(20), 100)
  await record(20)
  await gateway.writer.del(stream)
  await gateway.add(stream, numbered(20, 20), 50)
  // Nobody has recorded the new one yet.
  expect(await pages({})).toEqual([...down(39, 20), ...down(19, 0)])
  await record(40)
  await gateway.writer.xtrim(stream, "MAXLEN", "=", 5)
  expect(await pages({})).toEqual(down(39, 0))
})

test("a file that is damaged is left out, and named", async () => {
  const { stream, deck, directory, pages, record } = opened()
  await gateway.add(stream, numbered(10))
  await record(10)
  // Of another hour, or both files would soon be one.
  await gateway.add(stream, numbered(10, 10), 7_200_000)
  await record(20)
  await gateway.writer.xtrim(stream, "MAXLEN", "=", 5)
  const files = join(directory, "gateway")
  const name = (await readManifest(files))?.files[0]?.name as string
  await writeFile(join(files, name), "no Parquet")
  expect(await pages({}, 200)).toEqual(down(19, 10))
  expect(await deck.caveat(readLog, { data: [{}] })).toContain(`cannot be read: ${name}`)
})

test("doctor says since when there is a history, and that nobody records any more", async () => {
  const { stream, directory, record } = opened()
  const config = { history: { directory, days: 7, bytes: 1 }, redis: { gateways: [{ name: "" }] } }
  const look = () => recorderCheck.look({ config } as unknown as ExaminationContext)
  expect(await look()).toMatchObject({ state: "ok", says: expect.stringContaining("no history on this host") })
  await gateway.add(stream, numbered(10))
  await record(10)
  const says = `nothing has been recorded into ${directory} since 2023-11-14T22:13:20.009Z`
  expect(await look()).toMatchObject({ state: "warning", says, remedy: ["start it again: opsdeck record"] })
})

test("without a history a page is that of the stream", async () => {
  const { stream, pages } = opened()
  await gateway.add(stream, numbered(10))
  expect(await pages({})).toEqual(down(9, 0))
})
