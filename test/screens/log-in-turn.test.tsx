import { cleanup } from "ink-testing-library"
import { afterEach, expect, test } from "vitest"
import type { LogTarget } from "../../src/tail/protocol.ts"
import { FIRST_MS } from "../support/access-log.ts"
import { ATTACK, entry, openLog, snapshot } from "../support/log-screen.tsx"
import { until } from "../support/waiting.ts"

afterEach(cleanup)

const FOUND = {
  ordinal: 0,
  id: null,
  oldest: null,
  reach: FIRST_MS,
  older: { state: "more", lookedBackTo: null },
  rows: 4,
} as const
const PASSING = [0, 1, 2].map(n => ({ kind: "entry" as const, at: FIRST_MS + n, entry: entry(n, { status: "401" }) }))

/** A paused log whose rows of another filter come when `filtered` is called; what it was asked by generation. */
async function openSlow() {
  let generation = 0
  const asked: [generation: number, target: LogTarget | number][] = []
  const tail = {
    get generation() {
      return generation
    },
    filter: () => void generation++,
    find: async (of: number, target: LogTarget) => {
      asked.push([of, target])
      return FOUND
    },
    inspect: async (of: number, ordinal: number) => {
      asked.push([of, ordinal])
      return of === generation ? ({ ordinal, entry: entry(ordinal), pairs: [] } as const) : null
    },
  }
  const log = await openLog(snapshot({ deviations: [ATTACK] }), [100, 20], {}, tail)
  const filtered = () =>
    log.snapshots.set(
      snapshot({
        generation: 1,
        filter: "ip:193.32.218.0/24",
        start: 0,
        end: 3,
        matching: 3,
        rows: PASSING,
        stayedAt: 2,
      }),
    )
  log.keys.press("k")
  await log.see("paused")
  return { ...log, asked, filtered }
}

test.each([
  [";", { row: "failed", by: 1, from: 2 }],
  [",", { row: "failed", by: -1, from: 2 }],
  ["h", { before: FIRST_MS }],
])("%s pressed right after a filter steps among its rows", async (key, target) => {
  const { keys, asked, filtered } = await openSlow()
  keys.press("w")
  expect(keys.press(key)).toMatchObject({ kind: "press" })
  expect(asked).toEqual([])
  filtered()
  await until(() => asked.length === 1)
  expect(asked[0]?.[0]).toBe(1)
  expect(asked[0]?.[1]).toMatchObject(target)
})

test("Enter and movements pressed right after a filter are of its rows", async () => {
  const { keys, asked, opened, said, filtered } = await openSlow()
  keys.press("w")
  keys.press("k")
  keys.press("enter")
  filtered()
  await until(() => opened.length === 1)
  expect(asked).toEqual([[1, 1]])
  expect(said).toEqual([])
})
