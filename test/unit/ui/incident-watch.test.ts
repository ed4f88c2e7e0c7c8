import { expect, onTestFinished, test } from "vitest"
import type { SeenLine } from "../../../src/domain/incident/incident-line.ts"
import { type Sight, WhatIsSeen } from "../../../src/ui/runtime/incident-seen.ts"
import { IncidentWatch, type OpenIncident } from "../../../src/ui/runtime/incident-watch.ts"
import { eventually } from "../../support/waiting.ts"

const NOW = Date.UTC(2026, 10, 28, 3, 0, 0)
const quiet = { from: NOW - 100_000, barMs: 10_000, ok: Array(10).fill(100), refused: Array(10).fill(0) }
const calm = { ...quiet, failed: Array(10).fill(0) }
const sight = (of: Partial<NonNullable<Sight["tail"]>>, alerts: Sight["alerts"] = []): Sight => ({
  tail: { now: NOW, filter: "", timeline: calm, deviations: [], ...of },
  alerts,
})
const ALERT = { rule: "error% > 5", bell: false, since: NOW - 60_000, figure: "31%", of: "" }
const FIRED = { kind: "alert", at: "2026-11-28T02:59:00Z", rule: "error% > 5", is_on: true, figure: "31%", of: "" }

test("a console writes down what is new: its filter, alerts that fire and calm, and bursts since before the incident", () => {
  const step = (seen: WhatIsSeen, now: Sight, since = NOW) => seen.with(now, since, NOW)
  const begun = step(new WhatIsSeen(), sight({ filter: "status:5xx" }, [ALERT]))
  expect(begun.lines).toEqual([FIRED, { kind: "filter", at: "2026-11-28T03:00:00Z", filter: "status:5xx" }])
  const same = step(begun.seen, sight({ filter: "status:5xx" }, [{ ...ALERT, figure: "40%" }]))
  expect(same.lines).toEqual([])
  const calmed = step(same.seen, sight({ now: NOW + 5_000 }))
  expect(calmed.lines).toEqual([
    { ...FIRED, at: "2026-11-28T03:00:05Z", is_on: false, figure: "40%" },
    { kind: "filter", at: "2026-11-28T03:00:00Z", filter: "" },
  ])
  const noisy = { ...quiet, failed: [0, 0, 0, 0, 60, 60, 60, 60, 60, 60] }
  const burst = step(calmed.seen, sight({ timeline: noisy }))
  expect(burst.lines).toEqual([{ kind: "burst", at: "2026-11-28T02:59:00Z", seconds: 10, requests: 160, failed: 60 }])
  expect(step(burst.seen, sight({ timeline: { ...noisy, from: noisy.from + 10_000 } })).lines).toEqual([])
  expect(step(new WhatIsSeen(), sight({ timeline: noisy }), NOW + 3_600_000).lines).toEqual([])
  expect(step(new WhatIsSeen(), { tail: null, alerts: [ALERT] }).lines).toEqual([])
})

test("a burst is told with the requests that stand out, and once more when it is over", () => {
  const failed = [0, 0, 60, 60, 0, 0, 60, 60, 0, 0]
  const deviations = [
    { key: "network" as const, values: ["192.0.2.0/24"], route: "/v1/runs", outcome: "failed" as const },
  ].map(of => ({ ...of, share: 0.9, perMinute: 60, before: 0 }))
  const begun = new WhatIsSeen().with(sight({ timeline: { ...quiet, failed }, deviations }), NOW, NOW)
  expect(begun.lines).toEqual([
    {
      ...{ kind: "burst", at: "2026-11-28T02:58:40Z", seconds: 10, requests: 160, failed: 60 },
      scope: "ip:192.0.2.0/24 route:/v1/runs",
    },
  ])
  const later = (bars: number) => ({
    ...{ from: quiet.from, barMs: 10_000, ok: Array(10 + bars).fill(100), refused: Array(10 + bars).fill(0) },
    failed: [...failed, ...Array(bars).fill(0)],
  })
  const same = begun.seen.with(sight({ timeline: later(1) }), NOW, NOW)
  expect(same.lines).toEqual([])
  const over = same.seen.with(sight({ timeline: later(2) }), NOW, NOW)
  expect(over.lines).toEqual([
    {
      ...{ kind: "subsided", at: "2026-11-28T02:59:40Z", since: "2026-11-28T02:58:40Z", requests: 840, failed: 240 },
    },
  ])
  expect(over.seen.with(sight({ timeline: later(5) }), NOW, NOW).lines).toEqual([])
})

test("an incident that opens is joined, what could not be written is written with the next look, and its end is seen", async () => {
  let open: OpenIncident | null = null
  let isFull = true
  const written: SeenLine[] = []
  const source = {
    look: async () => open,
    write: async (_: string, seen: readonly SeenLine[]) => {
      if (isFull) throw new Error("disk full")
      written.push(...seen)
      return 0
    },
  }
  const watch = new IncidentWatch(source, () => sight({ filter: "status:5xx" }))
  onTestFinished(() => watch.close())
  watch.start()
  await eventually(() => expect(watch.states.snapshot).toBeNull())
  open = { id: "kibanu", text: "x", since: new Date(NOW).toISOString(), by: "alice" }
  await eventually(() => {
    watch.look()
    expect(watch.states.snapshot).toBe(open)
  })
  expect(written).toEqual([])
  isFull = false
  await eventually(() => {
    watch.look()
    expect(written).toEqual([expect.objectContaining({ kind: "filter", filter: "status:5xx" })])
  })
  open = { ...open, text: "its title was corrected" }
  await eventually(() => {
    watch.look()
    expect(watch.states.snapshot).toBe(open)
  })
  open = null
  await eventually(() => {
    watch.look()
    expect(watch.states.snapshot).toBeNull()
  })
})
