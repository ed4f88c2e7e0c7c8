import type { Member } from "../../src/demo/traffic/clients.ts"
import type { Story } from "../../src/demo/traffic/story.ts"
import { createTraffic } from "../../src/demo/traffic/traffic.ts"
import type { Deviation } from "../../src/domain/movers/deviations.ts"
import { Movers } from "../../src/domain/movers/movers.ts"
import { StreamEntry } from "../../src/domain/stream-entry.ts"

export const START_MS = Date.UTC(2026, 10, 22, 14)
const STEP_MS = 10

export const MEMBERS: readonly Member[] = Array.from({ length: 300 }, (_, n) => {
  const id = `8f2c1d3e-5b6a-4c7d-9e8f-${String(n).padStart(12, "0")}`
  return { userId: id, orgId: `org-${n % 7}`, threads: n % 3 === 0 ? [] : [id], runs: [] }
})

/** A deployment that never comes: no incidents, and no raids. */
export const CALM: Story = { scenario: "deploy", tried: Number.POSITIVE_INFINITY, since: Number.POSITIVE_INFINITY }

/** Yields what stands out in the demo's traffic, every `everySeconds` of simulated time. */
export function* looks(
  story: Story,
  { seed = 1, rate = 40, minutes, everySeconds = 2 }: Record<"minutes", number> & Partial<Record<string, number>>,
): Generator<readonly Deviation[]> {
  const traffic = createTraffic(MEMBERS, seed, story)
  const movers = new Movers(START_MS)
  let owed = 0
  let sent = 0
  for (let at = 0; at < minutes * 60_000; at += STEP_MS) {
    const ms = START_MS + at
    owed += (traffic.rateAt(ms, rate) * STEP_MS) / 1_000
    for (; owed >= 1; owed--) movers.accept(StreamEntry.from(`${ms}-${sent++}`, traffic.requestAt(ms)))
    if (at > 0 && at % (everySeconds * 1_000) === 0) yield movers.deviations(ms)
  }
}
