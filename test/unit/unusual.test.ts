import { expect, test } from "vitest"
import type { Timeline } from "../../src/domain/access-log-timeline.ts"
import { isUnusual, usualOf } from "../../src/domain/unusual.ts"

/** Ten minutes in bars of 10 s, each with 93 requests that are well, 6 refusals and 1 error. */
const calm = (bars = 60): Timeline => ({
  from: 1_700_000_000_000,
  barMs: 10_000,
  ok: Array(bars).fill(93),
  refused: Array(bars).fill(6),
  failed: Array(bars).fill(1),
})

test("what is usual is that of what is held before the last minute", () => {
  const worse = calm()
  const raid = { ...worse, refused: worse.refused.map((count, bar) => (bar >= 54 ? 500 : count)) }
  expect(usualOf(raid)).toEqual({ requests: 5400, refused: 0.06, failed: 0.01 })
})

test("a share is unusual where chance does not make it of the usual one", () => {
  const usual = usualOf(calm())
  expect(isUnusual("refused", 0.06, 600, usual)).toBe(false)
  expect(isUnusual("refused", 0.08, 600, usual)).toBe(false)
  expect(isUnusual("refused", 0.12, 600, usual)).toBe(true)
  expect(isUnusual("failed", 0.01, 600, usual)).toBe(false)
  expect(isUnusual("failed", 0.04, 600, usual)).toBe(true)
  expect(isUnusual("failed", 1, 3, { requests: 5000, refused: 0, failed: 0 })).toBe(false)
  expect(isUnusual("failed", 1, 4, { requests: 5000, refused: 0, failed: 0 })).toBe(true)
})

test("before there is a longer window, a share is named from where a bar is", () => {
  expect(usualOf(calm(6))).toBeUndefined()
  expect([isUnusual("refused", 0.1, 600, undefined), isUnusual("refused", 0.3, 600, undefined)]).toEqual([false, true])
  expect([isUnusual("failed", 0.01, 600, undefined), isUnusual("failed", 0.06, 600, undefined)]).toEqual([false, true])
})

test("one request alone is no share", () => {
  expect([isUnusual("failed", 1 / 3, 3, undefined), isUnusual("failed", 2 / 3, 3, undefined)]).toEqual([false, true])
})
