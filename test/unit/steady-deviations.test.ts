import { expect, test } from "vitest"
import type { Deviation } from "../../src/domain/movers/deviations.ts"
import { steadyDeviations } from "../../src/domain/movers/steady-deviations.ts"

const ATTACK: Deviation = {
  key: "network",
  values: ["192.0.2.0/24"],
  route: "/v1/auth/login",
  outcome: "refused",
  share: 0.834,
  perMinute: 212.3,
  before: 4.4,
}

test("what stands out keeps its figures while they waver, and takes those that are others", () => {
  const looks = [
    ATTACK,
    { ...ATTACK, before: 4.6, perMinute: 207, share: 0.836 },
    { ...ATTACK, before: 4.3, perMinute: 216 },
    { ...ATTACK, before: 116, perMinute: 79, values: ["192.0.2.0/24", "198.51.100.0/24"] },
  ]
  let last: readonly Deviation[] = []
  const shown = looks.map(look => {
    last = steadyDeviations([look], last)
    return last
  })
  expect(shown.map(([one]) => [one?.share, one?.before, one?.perMinute, one?.values.length])).toEqual([
    [0.83, 4, 210, 1],
    [0.83, 4, 210, 1],
    [0.83, 4, 210, 1],
    [0.83, 120, 80, 2],
  ])
})

test("another cause, and a window that was not seen, have figures of their own", () => {
  const failing: Deviation = { ...ATTACK, outcome: "failed", before: null, perMinute: 215 }
  expect(steadyDeviations([failing], [ATTACK])).toEqual([{ ...failing, share: 0.83, perMinute: 220 }])
})
