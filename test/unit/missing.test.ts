import { expect, it } from "vitest"
import { heldFrom, type Missing, missingText, secondsHeld, toMissingPart } from "../../src/domain/log-counts/missing.ts"

const part = (gateway: string | undefined, from: number, until: number): Missing => ({
  fromMs: from * 1000,
  untilMs: until * 1000,
  lost: null,
  reason: "not_held",
  ...(gateway !== undefined && { gateway }),
})
const window = { fromMs: 100_000, untilMs: 200_000 }

it("is taken from the seconds that are held, of several gateways from their average", () => {
  const missing = [part("eu", 0, 150), part("us", 190, 1000)]
  expect(secondsHeld(window, missing, 2)).toBe(70)
  expect(secondsHeld(window, missing, 4)).toBe(85)
  expect(secondsHeld(window, [part(undefined, 0, 150)])).toBe(50)
})

it("at the beginning puts off from when on anything is held, of several gateways where all of them lack it", () => {
  expect(heldFrom(window, [part(undefined, 0, 150)])).toBe(150_000)
  expect(heldFrom(window, [part(undefined, 110, 150)])).toBe(100_000)
  expect(heldFrom(window, [part("eu", 0, 150)], 2)).toBe(100_000)
  expect(heldFrom(window, [part("eu", 0, 150), part("us", 0, 120)], 2)).toBe(120_000)
})

it("is told with the gateway that lacks it, and without where none has a name", () => {
  expect(missingText([toMissingPart({ ...part("eu", 100, 150), lost: 3, reason: "trimmed" })])).toBe(
    "not counted: of eu, 3 requests, from 1970-01-01T00:01:40Z to 1970-01-01T00:02:30Z (the stream dropped them before they were read)",
  )
  expect(missingText([toMissingPart(part(undefined, 100, 150))])).toBe(
    "not counted: from 1970-01-01T00:01:40Z to 1970-01-01T00:02:30Z (nothing is kept)",
  )
})
