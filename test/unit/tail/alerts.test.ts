import { expect, test } from "vitest"
import type { AlertChange } from "../../../src/domain/alerts/rule-watch.ts"
import { StreamEntry } from "../../../src/domain/stream-entry.ts"
import type { Marker } from "../../../src/tail/held.ts"
import type { TailSnapshot } from "../../../src/tail/protocol.ts"
import { Tail } from "../../../src/tail/tail.ts"
import { readingBack } from "../../support/tail.ts"

const failures = (count: number, atMs: number) =>
  Array.from({ length: count }, (_, i) => StreamEntry.from(`${atMs + i}-0`, [["status", "503"]]))

/** The last snapshot of a tail that is asked about `rules`, and shows what passes `filter`, after all of `batches` was read. */
async function reading(rules: readonly string[], filter: string, ...batches: StreamEntry[][]): Promise<TailSnapshot> {
  let last: TailSnapshot | undefined
  const tail: Tail = new Tail(
    {
      async *follow() {
        yield { kind: "connected", after: "0-0", now: 1000 }
        for (const entries of batches) yield { kind: "entries", entries }
      },
      ...readingBack(async function* () {}),
    },
    snapshot => {
      last = snapshot
      tail.drawn()
    },
  )
  tail.setAlerts(rules)
  tail.setFilter({ text: filter, users: new Map(), stayAt: null })
  await tail.run()
  tail.setView({ following: true, top: 0, rows: 1000, bars: 0 })
  tail.stop()
  return last as TailSnapshot
}

const alertsAmong = ({ rows }: TailSnapshot) =>
  rows.filter((row): row is Extract<Marker, AlertChange> => row.kind === "alert")

test("an alert is a row of the log before the entry with which its second was over, whatever the filter", async () => {
  const batches = [failures(30, 1000), failures(5, 2000)]
  const { rows, alerts } = await reading(["error% > 5"], "", ...batches)
  expect(rows.map(({ kind }) => kind)).toEqual([...Array(30).fill("entry"), "alert", ...Array(5).fill("entry")])
  expect(rows[30]).toMatchObject({ kind: "alert", rule: "error% > 5", since: 2000, endedAt: null, figure: "100%" })
  expect(alerts).toMatchObject([{ rule: "error% > 5", since: 2000 }])
  const filtered = await reading(["error% > 5"], "method:TRACE", ...batches)
  expect(filtered.rows).toMatchObject([{ kind: "alert", rule: "error% > 5" }])
})

test("its end is a row as well, and nothing is on any more", async () => {
  const snapshot = await reading(["rate > 1/s"], "", failures(30, 1000), failures(1, 60_000))
  expect(alertsAmong(snapshot)).toMatchObject([
    { since: 2000, endedAt: null },
    { since: 2000, endedAt: 21_000 },
  ])
  expect(snapshot.alerts).toMatchObject([{ since: null }])
})

test("without rules there are no alerts", async () => {
  const snapshot = await reading([], "", failures(30, 1000), failures(30, 2000))
  expect(alertsAmong(snapshot)).toEqual([])
  expect(snapshot.alerts).toEqual([])
})
