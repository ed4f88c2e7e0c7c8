import { expect, test } from "vitest"
import { DeckError } from "../../src/domain/errors.ts"
import type { ThresholdDay, ThresholdHits } from "../../src/domain/threshold-count.ts"
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

const DAY: ThresholdDay = {
  ...HITS,
  requests: 1_204_113,
  seen: 1_204_113,
  rejected: 5120,
  addresses: 310,
  held_s: 86_400,
  ladder: [{ threshold: 0.9, rejected: 777, signed_in: 1 }],
}

test("where a history is kept, the last day is told first, and once more before it is saved", async () => {
  const asked: [number, AbortSignal | undefined][] = []
  const never = later<ThresholdDay>()
  const { see, press, lines } = openGateway({
    async simulateDay(threshold, signal) {
      asked.push([threshold, signal])
      if (threshold === 0.7) return never.promise
      return threshold === 0.6 ? { ...DAY, held_s: 4 * 3600 + 120, rejected: 33 } : DAY
    },
  })
  const days =
    "At 0.80, of 1 204 113 requests of the last 24 h: 5 120 rejected, from 310 addresses, 3 of signed-in users"
  await see(days, "Or at 0.90: 777, 1 signed in", "(since 14:02:29): 214 rejected.")
  const row = (text: string) => lines().findIndex(line => line.includes(text))
  expect(row("of the last 24 h")).toBeLessThan(row("Or at 0.90"))
  expect(row("Or at 0.90")).toBeLessThan(row("still held"))
  press(...threshold("0.7"))
  // What is still held is counted at once; the day of the threshold before is not taken for it.
  await see("At 0.80, of 1 204 113 requests of the last 24 h", "At 0.70, of 9 812 requests still held")
  press("backspace", "6")
  await see("At 0.60, of 1 204 113 requests of the last 24 h (4h 2m of it held): 33 rejected")
  expect(asked.map(([threshold, signal]) => [threshold, signal?.aborted])).toEqual([
    [0.8, false],
    [0.7, true],
    [0.6, false],
  ])
  press("ctrl-s")
  await see("What happens", "· At 0.60, of 1 204 113 requests of the last 24 h (4h 2m of it held): 33")
})

test("of several gateways it says of which less than the day is held, and how much", async () => {
  const lacking = [
    { gateway: "ap", held_s: 0 },
    { gateway: "us", held_s: 14_520 },
  ]
  const { see } = openGateway({ simulateDay: async () => ({ ...DAY, held_s: 62_000, lacking }) })
  await see("requests of the last 24 h (nothing of ap, 4h 2m of us held): 5 120 rejected")
})

test("a day that cannot be counted is told, and what is still held counts all the same", async () => {
  const { see } = openGateway({
    simulateDay: () => Promise.reject(new DeckError("unavailable", "install the engine")),
  })
  await see("At 0.80, of 9 812 requests still held", "The last 24 h are not counted: install the engine")
})
