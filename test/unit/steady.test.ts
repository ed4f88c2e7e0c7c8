import fc from "fast-check"
import { expect, test } from "vitest"
import { type StepAt, steadied, stepOfCount, stepOfSpan } from "../../src/domain/steady.ts"

/** What is shown of the values, one after the other. */
function shownOf(values: readonly number[], stepAt: StepAt): number[] {
  let shown: number | undefined
  return values.map(value => {
    shown = steadied(value, stepAt, shown)
    return shown
  })
}

test("noise around any value leaves one figure in sight", () => {
  expect(new Set(shownOf([4.4, 4.6, 4.45, 4.55, 4.7, 4.3], stepOfCount))).toEqual(new Set([4]))
  expect(new Set(shownOf([84, 86, 82, 88, 87.6], stepOfCount))).toEqual(new Set([85]))
  expect(new Set(shownOf([3_240, 3_200, 2_900, 3_400, 4_100, 3_700], stepOfSpan))).toEqual(new Set([3600]))
})

test("a figure that goes on is followed, step by step", () => {
  expect([...new Set(shownOf([4, 4.5, 5, 6, 30, 90, 210, 214, 1_249], stepOfCount))]).toEqual([
    4, 5, 6, 30, 90, 210, 1200,
  ])
  expect([...new Set(shownOf([840, 700, 430, 200, 100, 55, 21], stepOfSpan))]).toEqual([900, 420, 180, 120, 60, 20])
})

test("what is shown is less than a step off the value, whatever was shown before", () => {
  const number = fc.double({ min: 0, max: 1e6, noNaN: true })
  fc.assert(
    fc.property(number, number, fc.constantFrom(stepOfCount, stepOfSpan), (before, value, stepAt) => {
      const shown = steadied(value, stepAt, steadied(before, stepAt))
      return Math.abs(shown - value) < stepAt(value)
    }),
  )
})
