import { expect, test } from "vitest"
import type { ThresholdHits } from "../../src/domain/threshold-count.ts"
import { later } from "../support/fake-changes.ts"
import { HELD, HITS, MIDDLE, openGateway, threshold } from "../support/gateway-screen.ts"
import { eventually } from "../support/waiting.ts"

test("an older count never stands for a newer threshold", async () => {
  const first = later<ThresholdHits>()
  const { see, press, simulated, lines } = openGateway({
    simulate: threshold =>
      threshold === 0.7 ? first.promise : Promise.resolve({ ...HITS, rejected: threshold * 100 }),
  })
  await see("80 rejected")
  press(...threshold("0.7"))
  await eventually(() => expect(simulated).toHaveBeenCalledWith(0.7, HELD))
  await see("Counting whom 0.70 would have hit")
  press("backspace", "6")
  await see("At 0.60", "60 rejected")
  first.resolve({ ...HITS, rejected: 7777 })
  press("enter")
  await see("within 30 s")
  expect(lines().join()).not.toContain("7 777")
  expect(lines().join()).not.toContain("7777")
})

test("where there was no time for all that is held, it says of how much it speaks, and since when", async () => {
  const { see } = openGateway({
    simulate: async () => ({ ...HITS, requests: 200_000, seen: 50_000, since: "2026-11-21T23:05:00Z" }),
  })
  await see("At 0.80, of the newest 50 000 of 200 000 requests still held (since 11-21 23:05): 214 rejected")
})

test("beside it, whom other thresholds would hit: those nearest to it, as many as have room in a line", async () => {
  const wide = openGateway()
  await wide.see(" Or at 0.90: 31, none signed in · 0.75: 1 408, 28 signed in · 0.66: 2 113, 91 signed in")
  const middle = openGateway({}, MIDDLE)
  await middle.see(" Or at 0.90: 31, none signed in · 0.75: 1 408, 28 signed in")
  expect(middle.lines().join()).not.toContain("0.66")
  const small = openGateway({ simulate: async () => ({ ...HITS, ladder: [] }) }, MIDDLE)
  await small.see("9 812 requests")
  expect(small.lines().join()).not.toContain("Or at")
})

test("what is typed and no threshold is counted for nobody", async () => {
  const { see, press, simulated } = openGateway()
  await see("9 812 requests")
  press(...threshold("2"))
  await see("must be 0 to 1", "A threshold from 0 to 1 shows here whom it would hit.")
  expect(simulated.mock.calls.every(([asked]) => asked === 0.8)).toBe(true)
})
