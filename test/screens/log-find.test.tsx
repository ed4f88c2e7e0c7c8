import { cleanup } from "ink-testing-library"
import { afterEach, expect, test } from "vitest"
import type { LogSearch } from "../../src/domain/access-log-search.ts"
import type { Found, LogTarget, TailRow } from "../../src/tail/protocol.ts"
import { ALICE, entry, openLog, snapshot } from "../support/log-screen.tsx"
import { until } from "../support/waiting.ts"

afterEach(cleanup)

const older = { state: "more", lookedBackTo: null } as const
const NOWHERE: Found = { ordinal: null, id: null, oldest: null, reach: 1_700_000_000_000, older, rows: 9812 }

/** Requests 0 to 9, of which 4 and 6 have the text. */
const rows: readonly TailRow[] = Array.from({ length: 10 }, (_, n) => {
  const row = { kind: "entry", at: n, entry: entry(n, n === 4 ? { user_id: ALICE } : {}) } as const
  return n === 4 || n === 6 ? { ...row, isFound: true as const } : row
})
const ten = snapshot({ rows, end: rows.length, matching: rows.length })

/** The log, the texts its tail was told to search for and the rows it was sent to. */
async function openFind(answer: (target: LogTarget) => Partial<Found>, users: Map<string, string[]> = new Map()) {
  const searches: (LogSearch | null)[] = []
  const asked: LogTarget[] = []
  const search = (next: LogSearch | null) => void searches.push(next)
  const find = async (_: number, target: LogTarget) => {
    asked.push(target)
    return { ...NOWHERE, ...answer(target) }
  }
  const log = await openLog(ten, [100, 14], { run: async () => users }, { search, find })
  const findText = (text: string) => {
    log.keys.press("f")
    return until(() => log.lines().some(line => line.startsWith(" find"))).then(async () => {
      log.keys.type(text)
      await log.see(`find ${text}`)
      log.keys.press("enter")
    })
  }
  return { ...log, searches, asked, findText }
}

test("a text is found above, marked without colour, gone on from and forgotten by Esc", async () => {
  const at = (target: LogTarget) => ("row" in target ? { ordinal: target.by > 0 ? 6 : target.from > 6 ? 6 : 4 } : {})
  const { keys, lines, searches, asked, findText, see } = await openFind(at, new Map([["/n/", ["bob"]]]))
  expect(keys.press("n")).toMatchObject({ kind: "refused" })
  await findText("/n/")
  await see("paused")
  expect(searches).toEqual([{ text: "/n/", users: ["bob"] }])
  expect(asked).toEqual([{ row: "found", by: -1, from: 10 }])
  await until(() => lines().some(line => line.startsWith("▌") && line.endsWith("/n/6")))
  expect(lines()[1]).toMatch(/no filter +find \/n\/ {2}2 in sight$/)
  expect(lines().filter(line => line.startsWith("»"))).toHaveLength(1)
  keys.press("N")
  await until(() => lines().some(line => line.startsWith("▌") && line.endsWith("/n/4")))
  keys.press("n")
  await until(() => asked.length === 3)
  expect(asked.at(-1)).toEqual({ row: "found", by: 1, from: 4 })
  await until(() => lines().some(line => line.startsWith("▌") && line.endsWith("/n/6")))
  keys.press("esc")
  await until(() => !lines().some(line => line.includes("find")))
  expect(searches.at(-1)).toBeNull()
})

test("a user is meant by a name that is known; where nothing is found, that is said, and so is a match below only", async () => {
  const { keys, lines, searches, said, asked, findText } = await openFind(target =>
    "row" in target && target.by > 0 && asked.length > 2 ? { ordinal: 6 } : {},
  )
  await findText("liddell")
  await until(() => said.length === 1)
  expect(searches).toEqual([{ text: "liddell", users: [ALICE] }])
  expect(said[0]).toMatch(/^no match in the 9 812 requests held, back to \d\d:\d\d:\d\d; N searches further$/)
  expect(asked).toEqual([
    { row: "found", by: -1, from: 10 },
    { row: "found", by: 1, from: 9 },
  ])
  keys.press("f")
  await until(() => lines().some(line => line.startsWith(" find liddell")))
  keys.press("enter")
  await until(() => said.length === 2)
  expect(said[1]).toBe("no match before this row: this is the next one")
})

test("failed requests are gone to, up and down", async () => {
  const { keys, said, asked, lines } = await openFind(target =>
    "row" in target && target.by < 0 ? { ordinal: 2 } : {},
  )
  keys.press(",")
  await until(() => lines().some(line => line.startsWith("▌") && line.endsWith("/n/2")))
  keys.press(";")
  await until(() => said.length === 1)
  expect(said).toEqual(["no failed request after this row"])
  expect(asked).toEqual([
    { row: "failed", by: -1, from: 9 },
    { row: "failed", by: 1, from: 2 },
  ])
})
