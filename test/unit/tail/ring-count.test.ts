import { expect, test } from "vitest"
import { StreamEntry } from "../../../src/domain/stream-entry.ts"
import { Ring } from "../../../src/tail/ring.ts"
import { countHeld } from "../../../src/tail/ring-count.ts"

const entry = (ms: number) =>
  StreamEntry.from(`${ms}-0`, [
    ["risk_score", "90"],
    ["client_ip", `10.0.0.${ms}`],
  ])

test("counts past what was lost", async () => {
  const ring = new Ring()
  ring.push(entry(10))
  ring.push({ kind: "gap", lost: 3, from: "11-0", to: "13-0", exact: true })
  ring.push(entry(14))
  const count = await countHeld(ring, 0.9, 8)
  expect(count).toMatchObject({ oldest: new Map([["", "10-0"]]), seen: 2 })
  expect(count.risky[90]).toBe(2)
})

test("ends where the stream was made anew: from there on, reading back would meet the same entries again", async () => {
  const ring = new Ring()
  for (const held of [entry(90), entry(91), { kind: "reset" } as const, entry(10), entry(11)]) ring.push(held)
  const count = await countHeld(ring, 0.9, 8)
  expect(count).toMatchObject({ oldest: new Map([["", "10-0"]]), seen: 2 })
  expect(count.risky[90]).toBe(2)
})
