import { setImmediate } from "node:timers/promises"
import { ThresholdCount, type ThresholdTally } from "../domain/threshold-count.ts"
import { isEntry } from "./held.ts"
import type { Ring } from "./ring.ts"

/**
 * Counts the requests in the ring that the threshold (0 to 1) would have blocked, newest first, in slices of `sliceMs`,
 * so that reading goes on. What the ring drops meanwhile is not counted: the tally says how far back it reaches. Nor is
 * what came before the stream was recreated: its ids may be higher, and reading on from there would meet new entries
 * again.
 */
export async function countHeld(ring: Ring, threshold: number, sliceMs: number): Promise<ThresholdTally> {
  const count = new ThresholdCount(threshold)
  let deadline = performance.now() + sliceMs
  for (let number = ring.end - 1; number >= ring.start; number--) {
    const held = ring.at(number)
    if (held && isEntry(held)) count.add(held)
    else if (held?.kind === "reset") break
    if ((number & 127) === 0 && performance.now() >= deadline) {
      await setImmediate()
      deadline = performance.now() + sliceMs
    }
  }
  return count.tally
}
