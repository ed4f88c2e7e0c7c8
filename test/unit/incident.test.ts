import { expect, test } from "vitest"
import { countOf, incidentsIn, openOf, pinnedIn } from "../../src/domain/incident/incident.ts"
import { incidentId, newIncidentId } from "../../src/domain/incident/incident-id.ts"
import { type IncidentLine, incidentLine } from "../../src/domain/incident/incident-line.ts"
import { markdownOf } from "../../src/domain/incident/markdown.ts"
import { placeOf } from "../../src/domain/incident/timeline.ts"
import { StreamEntry } from "../../src/domain/stream-entry.ts"
import { toAccessLogEntry } from "../../src/domain/to-access-log-entry.ts"
import { request } from "../support/access-log.ts"

const at = (second: number) => new Date(Date.UTC(2026, 10, 28, 3, 2, second)).toISOString()
const ID = "kibanu"

const entry = (fields: object) => ({
  ...toAccessLogEntry(StreamEntry.from("1700000000000-0", Object.entries(request()))),
  ...fields,
})

type Of<Kind extends IncidentLine["kind"]> = Omit<
  Extract<IncidentLine, { kind: Kind }>,
  "kind" | "at" | "by" | "incident"
>

const line = <Kind extends IncidentLine["kind"]>(
  kind: Kind,
  second: number,
  of: Of<Kind>,
  by = "alice",
  incident = ID,
) => incidentLine.parse({ incident, at: at(second), by, kind, ...of })
const alert = (second: number, is_on: boolean) =>
  line("alert", second, { rule: "error% > 5", is_on, figure: "31%", of: "/v1/runs" })

test("the files of all writers are one timeline: by time, then by writer, then as they were written", () => {
  const files = [
    { writer: "b", lines: [line("note", 2, { text: "b's" }), line("note", 1, { text: "first" })] },
    {
      writer: "a",
      lines: [
        line("start", 0, { text: "checkout fails" }),
        line("note", 2, { text: "a's" }),
        line("note", 2, { text: "then" }),
      ],
    },
  ]
  const [incident, ...others] = incidentsIn(files)
  expect(others).toEqual([])
  expect(incident).toMatchObject({ id: ID, text: "checkout fails", by: "alice", since: at(0), until: null })
  expect(incident?.lines.map(line => ("text" in line ? line.text : ""))).toEqual([
    ...["checkout fails", "first", "a's", "then", "b's"],
  ])
})

test("incidents stand newest first; one whose beginning is missing is left out, and one that was ended is not open", () => {
  const older = [line("start", 0, { text: "older" }, "bob", "badobu"), line("end", 9, {}, "alice", "badobu")]
  const lost = [line("note", 1, { text: "of nothing" }, "bob", "rinulo")]
  const found = incidentsIn([{ writer: "a", lines: [...older, ...lost, line("start", 5, { text: "newer" })] }])
  expect(found.map(({ text, until }) => [text, until])).toEqual([
    ["newer", null],
    ["older", at(9)],
  ])
  expect(openOf(found).map(({ text }) => text)).toEqual(["newer"])
})

test("what several consoles saw stands there once", () => {
  const start = line("start", 0, { text: "x" })
  const burst = (second: number, seconds: number) => line("burst", second, { seconds, requests: 100, failed: 40 })
  const filter = (second: number, text: string, by: string) => line("filter", second, { filter: text }, by)
  const pin = (second: number) => line("entry", second, { entry: entry({}) })
  const of = (...files: IncidentLine[][]) =>
    incidentsIn(files.map((lines, i) => ({ writer: `${i}`, lines: [start, ...lines] })))[0]?.lines.filter(
      ({ kind }) => kind !== "start",
    )
  // The second console came later, and saw the end a second after the first.
  expect(of([alert(1, true), alert(30, false), alert(50, true)], [alert(20, true), alert(31, false)])).toEqual([
    ...[alert(1, true), alert(30, false), alert(50, true)],
  ])
  expect(of([burst(2, 1)], [burst(0, 10)])).toEqual([burst(0, 10)])
  expect(of([filter(1, "status:5xx", "alice")], [filter(1, "status:5xx", "bob"), filter(2, "", "bob")])).toEqual([
    ...[filter(1, "status:5xx", "alice"), filter(1, "status:5xx", "bob"), filter(2, "", "bob")],
  ])
  expect(of([filter(1, "", "alice")])).toEqual([])
  expect(of([pin(1)], [pin(2)])).toEqual([pin(1)])
  const window = { since: at(1), until: at(2), with: "02:00..03:00", before_per_s: 1, after_per_s: 2, values: [] }
  const compared = (second: number, of: string) => line("changes", second, { ...window, filter: of })
  expect(of([compared(1, "status:5xx"), compared(3, "")], [compared(2, "status:5xx")])).toEqual([
    ...[compared(1, "status:5xx"), compared(3, "")],
  ])
})

test("a correction takes the place of what it is of, and what was taken back is told, but no evidence", () => {
  const note = line("note", 1, { id: "00000001", text: "rolled bakc" })
  const pin = line("entry", 2, { id: "00000002", entry: entry({ id: "1-1", timestamp: at(2) }) })
  const other = line("entry", 3, { id: "00000003", entry: entry({ id: "2-1", timestamp: at(3) }) })
  const files = [
    { writer: "a", lines: [line("start", 0, { id: "00000000", text: "checkout fails" }), note, pin, other] },
    {
      writer: "b",
      lines: [
        line("correction", 5, { of: "00000001", text: "rolled back to 2.3.8" }, "bob"),
        line("correction", 4, { of: "00000001", text: "rolled back" }, "carol"),
        line("correction", 6, { of: "00000000", text: "runs fail" }, "bob"),
        line("withdrawal", 7, { of: "00000002" }, "bob"),
        line("correction", 8, { of: "99999999", text: "of nothing" }, "bob"),
      ],
    },
  ]
  const [incident] = incidentsIn(files)
  expect(incident?.text).toBe("runs fail")
  expect(incident?.lines.map(placeOf).map(({ what, text, amended }) => [what, text, amended])).toEqual([
    ["start", "runs fail", { at: at(6), by: "bob", taken_back: false }],
    ["note", "rolled back to 2.3.8", { at: at(5), by: "bob", taken_back: false }],
    ["pinned", expect.any(String), { at: at(7), by: "bob", taken_back: true }],
    ["pinned", expect.any(String), undefined],
  ])
  expect(incident && pinnedIn(incident).map(({ id }) => id)).toEqual(["2-1"])
  expect(incident && countOf(incident, "entry")).toBe(1)
  // What was taken back can be pinned again.
  const again = [
    ...files,
    { writer: "c", lines: [line("entry", 9, { entry: entry({ id: "1-1", timestamp: at(9) }) })] },
  ]
  expect(incidentsIn(again).map(pinnedIn)).toMatchObject([[{ id: "2-1" }, { id: "1-1" }]])
})

test("the end of a burst is told once, of a burst that was told", () => {
  const start = line("start", 0, { text: "x" })
  const burst = line("burst", 2, { seconds: 1, requests: 100, failed: 40 })
  const over = (second: number) => line("subsided", second, { since: at(2), requests: 900, failed: 400 })
  const [incident] = incidentsIn([{ writer: "a", lines: [start, over(1), burst, over(30), over(31)] }])
  expect(incident?.lines).toEqual([start, burst, over(30)])
})

test("an id can be said, is read in any case, and is none that was taken", () => {
  const first = newIncidentId(() => 0, new Set())
  expect(first).toBe("bababa")
  let calls = 0
  expect(newIncidentId(() => (calls++ < 6 ? 0 : 1), new Set([first]))).toBe("dididi")
  expect(incidentId.parse("KIBANU")).toBe("kibanu")
  expect(() => incidentId.parse("4f2")).toThrow("must be the id of an incident")
})

test("the page is Markdown in which text from outside is only text", async () => {
  const pinned = entry({
    timestamp: at(31),
    method: "POST",
    path: "/v1/a|b\u202e\n# x",
    status_code: 503,
    duration_ms: 2004,
    client_ip: "2001:db8::17",
    username: "build-bot",
    trace_id: "00384",
  })
  const lines = [
    line("start", 0, { text: "checkout *fails*" }),
    alert(5, true),
    line("burst", 6, { seconds: 10, requests: 1204, failed: 380, scope: "route:/v1/*/runs" }),
    line("subsided", 36, { since: at(6), requests: 9000, failed: 2100 }),
    line("filter", 7, { filter: "status:5xx path:/v1/runs" }),
    line("note", 8, { text: "[click](http://evil) <b>me</b> user_id `x`" }),
    line("entry", 31, { entry: pinned }),
    line("mover", 32, {
      ...{
        dimension: "route",
        value: "/v1/threads/:id/runs",
        filter: "route:/v1/threads/:id/runs",
        minutes: 5,
        requests: 3900,
      },
      ...{ refused: 0.02, failed: 0.914, p95: 380.4 },
    }),
    line("note", 33, { id: "00000001", text: "rolled bakc" }),
    line("correction", 34, { of: "00000001", text: "rolled back" }, "bo*b"),
    line("entry", 35, { id: "00000002", entry: entry({ id: "1-1", path: "/v1/me", timestamp: at(35) }) }),
    line("withdrawal", 37, { of: "00000002" }),
    alert(50, false),
    line("end", 59, {}, "bob"),
  ]
  const change = {
    ...({ at: "2026-11-28T03:02:40.000001Z", what: "change", by: "bob" } as const),
    text: "users.status_changed carol: active -> suspended (stuffing)",
  }
  const [incident] = incidentsIn([{ writer: "a", lines }])
  const rows = [...(incident?.lines ?? []).map(placeOf), change].toSorted((a, b) => Date.parse(a.at) - Date.parse(b.at))
  const figures = {
    since: at(0),
    until: at(59),
    requests: 12_345,
    per_second: 209.2,
    refused: 0.061,
    failed: 0.31,
    p95: 380,
  }
  const page = {
    ...{ id: ID, text: "checkout *fails*", by: "alice", environment: "PROD-EU", since: at(0), until: at(59) },
    duration_s: 59,
    trouble_since: at(-20),
    figures: { before: { ...figures, per_second: 3.25, failed: null }, during: figures, after: null },
    filtered: [{ filter: "route:/v1/*/runs", before: null, during: { ...figures, failed: 0.75 }, after: null }],
    changes: [
      {
        ...({ at: at(30), kind: "changes", since: at(-20), until: at(10), with: "02:00..03:00" } as const),
        ...{ filter: "status:5xx", before_per_s: 0.123, after_per_s: 52.3 },
        values: [
          {
            ...{ dimension: "route", value: "/v1/*/runs", before_per_s: 0, after_per_s: 50.04 },
            ...{ share_of_change: 0.957, since: at(-19) },
          },
        ],
      },
    ],
    timeline: rows,
    evidence: [pinned],
    missing: ["files of the history: 2"],
  }
  await expect(`${markdownOf(page, "/tmp/evidence.ndjson").join("\n")}\n`).toMatchFileSnapshot("golden/incident.md")
  const open = markdownOf({
    ...page,
    until: null,
    evidence: [],
    missing: [],
    filtered: [],
    changes: [],
    figures: { before: null, during: null, after: null },
  })
  expect(open).toEqual(
    expect.arrayContaining(["| Ended | not yet |", "Nothing is known of the requests of that time."]),
  )
  expect(open.join("\n")).not.toMatch(/## (Evidence|Not on this page)/)
})
