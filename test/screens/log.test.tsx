import { Box } from "ink"
import { cleanup, render } from "ink-testing-library"
import { afterEach, expect, test, vi } from "vitest"
import { type AccessLogEntry, toAccessLogEntry } from "../../src/domain/access-log.ts"
import { StreamEntry } from "../../src/domain/stream-entry.ts"
import type { Chord } from "../../src/ui/keys/chord.ts"
import { type Routed, route } from "../../src/ui/keys/route.ts"
import { ValueStore } from "../../src/ui/live/store.ts"
import type { Inspection, LogFilter, TailRow, TailSnapshot, View } from "../../src/ui/live/tail-protocol.ts"
import type { ScreenView } from "../../src/ui/screen/screen.ts"
import { entryScreen } from "../../src/ui/screens/log/entry.tsx"
import { logScreen } from "../../src/ui/screens/log/log-screen.tsx"
import { MemoryProvider, type Shell, ShellProvider } from "../../src/ui/shell/shell-context.ts"
import { idOf, request } from "../support/access-log.ts"
import { STATISTICS } from "../support/statistics.ts"

afterEach(cleanup)

const NOW = Date.parse("2023-11-14T22:13:30Z")
const ALICE = "8f2c1d3e-5b6a-4c7d-9e8f-0a1b2c3d4e5f"

const entry = (n: number, fields: Record<string, string> = {}): AccessLogEntry =>
  toAccessLogEntry(StreamEntry.from(idOf(n), Object.entries(request({ path: `/n/${n}`, ...fields }))))

const ROWS: readonly TailRow[] = [
  { kind: "entry", entry: entry(114, { method: "POST", status: "503", duration_ms: "1234", risk_score: "85" }) },
  { kind: "gap", lost: 4900, from: idOf(10_000), to: idOf(31_000), exact: true },
  { kind: "entry", entry: entry(420, { user_id: ALICE, client_ip: "2001:db8::17", status: "404" }) },
  { kind: "entry", entry: entry(500, { path: "/日本語/\u202egnp.exe", status: "", duration_ms: "", risk_score: "" }) },
]

const snapshot = (changes: Partial<TailSnapshot> = {}): TailSnapshot => ({
  generation: 0,
  filter: "",
  link: { state: "live", heardAt: NOW },
  statistics: STATISTICS,
  seen: 9812,
  held: 9812,
  matching: ROWS.length,
  start: 0,
  end: ROWS.length,
  rowsFrom: 0,
  rows: ROWS,
  scanned: 1,
  older: { state: "more", lookedBackTo: null },
  stayedAt: null,
  leavesInSeconds: 840,
  ...changes,
})

/** What the log shows of a tail that says `first`, in `columns` by `rows` cells. */
async function openLog(first: TailSnapshot, [columns, rows] = [100, 8], deck: { run?: () => Promise<unknown> } = {}) {
  const size = { columns: columns as number, rows: rows as number }
  const snapshots = new ValueStore<TailSnapshot | null>(first)
  const filters: string[] = []
  const opened: unknown[] = []
  const shell = {
    deck,
    open: (_: unknown, inspection: unknown) => void opened.push(inspection),
    say: () => {},
    tail: {
      snapshots,
      view: (_: View) => {},
      loadOlder: () => {},
      get generation() {
        return snapshots.snapshot?.generation ?? 0
      },
      filter: ({ text }: LogFilter) => void filters.push(text),
      inspect: async (generation: number, ordinal: number) => ({ generation, ordinal }),
    },
    names: {
      states: new ValueStore({ byId: new Map([[ALICE, "Alice Liddell"]]), trouble: undefined }),
      want: () => {},
    },
    clock: { times: new ValueStore(NOW) },
  } as unknown as Shell
  const keys = { press: (_: string): Routed => ({ kind: "nothing" }), type: (_: string) => {} }
  const Screen = () => {
    const view = logScreen.useView(undefined, size)
    keys.press = chord => {
      const routed = route(chord, { bound: [view.keys], field: view.field })
      if (routed.kind === "press") routed.key.press()
      return routed
    }
    keys.type = text => view.field?.insert(text)
    return (
      <Box flexDirection="column" {...size}>
        {view.body}
      </Box>
    )
  }
  const { lastFrame } = render(
    <ShellProvider value={shell}>
      <MemoryProvider value={new Map()}>
        <Screen />
      </MemoryProvider>
    </ShellProvider>,
  )
  await vi.waitUntil(() => lastFrame() !== undefined)
  const lines = () => linesOf(lastFrame())
  const see = (text: string) => vi.waitUntil(() => lines().some(line => line.includes(text)))
  return { snapshots, keys, filters, opened, lines, see }
}

const linesOf = (frame: string | undefined) => (frame ?? "").split("\n").map(line => line.trimEnd())

test("live: figures, a loss between the rows, names, and what is missing or hostile", async () => {
  const { lines } = await openLog(snapshot())
  expect(lines()).toMatchInlineSnapshot(`
    [
      " ● live  214/s ▂▅█▂▅█▂▅█▂▅█▂▅█▂▅█▂▅  2xx 91% 3xx 2% 4xx 6% 5xx 1%   p50 42ms  p95 380ms  9 812 held",
      " / no filter",
      " TIME         METHOD STAT   DUR IP              CC UA      RISK USER           PATH",
      " ┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄ k reads older entries ┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄",
      " 22:13:20.114 POST    503  1.2s 203.0.113.7     DE human   0.85 -              /n/114",
      " ┄┄┄┄┄┄┄┄┄┄┄ 4 900 entries were trimmed before they could be read, 22:13:30 to 22:13:51 ┄┄┄┄┄┄┄┄┄┄┄",
      " 22:13:20.420 GET     404  42ms 2001:db8::17    DE human   0.05 Alice Liddell  /n/420",
      "▌22:13:20.500 GET       -     - 203.0.113.7     DE human      - -              /日本語/\\u202egnp.exe",
    ]
  `)
})

test("live on the smallest screen", async () => {
  const { lines } = await openLog(snapshot(), [60, 8])
  expect(lines()).toMatchInlineSnapshot(`
    [
      " ● live  214/s  2xx 91% 3xx 2% 4xx 6% 5xx 1%     9 812 held",
      " / no filter",
      " TIME         METHOD STAT IP              PATH",
      " ┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄ k reads older entries ┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄",
      " 22:13:20.114 POST    503 203.0.113.7     /n/114",
      " ┄ 4 900 entries were trimmed before they could be read, 22…",
      " 22:13:20.420 GET     404 2001:db8::17    /n/420",
      "▌22:13:20.500 GET       - 203.0.113.7     /日本語/\\u202egnp…",
    ]
  `)
})

test("paused: what came meanwhile, and how long the rows stay", async () => {
  const { lines, snapshots, keys } = await openLog(snapshot())
  keys.press("k")
  await vi.waitUntil(() => lines()[0]?.includes("paused"))
  snapshots.set(snapshot({ seen: 11_096, end: ROWS.length + 37, rows: ROWS }))
  await vi.waitUntil(() => lines()[0]?.includes("37"))
  expect(lines()[0]).toMatchInlineSnapshot(
    `" ‖ paused  1 284 new, 37 match · this row leaves the ring in about 14m                    G go live"`,
  )
})

test("out of touch: why, when it is tried again, and how old the rows are", async () => {
  const heardAt = NOW - 6000
  const reconnecting = {
    state: "reconnecting",
    heardAt,
    reason: "connection refused",
    attempt: 3,
    retryAt: NOW + 2000,
  } as const
  expect((await openLog(snapshot({ link: reconnecting }))).lines()[0]).toMatchInlineSnapshot(
    `" ▲ reconnecting in 2s, attempt 3: connection refused · last heard of 6s ago"`,
  )
  expect((await openLog(snapshot({ link: { state: "live", heardAt } }))).lines()[0]).toMatchInlineSnapshot(
    `" ▲ stale for 6s: Redis has not answered since"`,
  )
})

test("nothing matches: which filter, and how far back was looked", async () => {
  const nothing = { start: 0, end: 0, matching: 0, rows: [], filter: "status:404" }
  const { lines } = await openLog(snapshot({ ...nothing, older: { state: "beginning" } }))
  expect(lines()).toMatchInlineSnapshot(`
    [
      " ● live  214/s  2xx 91% 3xx 2% 4xx 6% 5xx 1%   p50 42ms  p95 380ms                 0 of 9 812 match",
      " / status:404",
      " TIME         METHOD STAT   DUR IP              CC UA      RISK USER           PATH",
      "",
      "   Nothing matches status:404",
      "   Looked back to the start of the stream, 9 812 entries are in the ring.",
      "   New entries that match appear here.",
    ]
  `)
})

/** The log with `text` typed as its filter, and Return pressed. */
async function applyFilter(text: string, columns: number, run?: () => Promise<unknown>) {
  const log = await openLog(snapshot(), [columns, 9], run && { run })
  log.keys.press("/")
  await log.see("risk>=0.8")
  log.keys.type(text)
  await log.see(text.slice(-8))
  log.keys.press("enter")
  return log
}

test("a mistake is marked under its column where its message has no room beside the mark, too", async () => {
  const { lines, see } = await applyFilter("status:5xx -path:/healthz foo:bar", 60)
  await see("no filter is called")
  expect(lines().slice(1, 6)).toMatchInlineSnapshot(`
    [
      " / status:5xx -path:/healthz foo:bar",
      "                             ^",
      "   no filter is called "foo". To search for such text, put",
      "   it in quotes",
      " TIME         METHOD STAT IP              PATH",
    ]
  `)
})

test("a mistake is marked under its column in a text that is longer than the line", async () => {
  const { lines, see } = await applyFilter(`path:/${"x".repeat(60)} foo:bar`, 60)
  await see("no filter is called")
  const [typed, mark] = lines().slice(1)
  expect(mark?.indexOf("^")).toBe(typed?.indexOf("foo:"))
})

test("while the users of a filter are looked up it says so, and Esc calls it off", async () => {
  const lookup = Promise.withResolvers<Map<string, string[]>>()
  const { keys, filters, see } = await applyFilter("user:alice", 60, () => lookup.promise)
  await see("looking up")
  keys.press("esc")
  await see("no filter")
  lookup.resolve(new Map([["alice", [ALICE]]]))
  await new Promise(resolve => setImmediate(resolve))
  expect(filters).toEqual([])
})

test("Enter opens the selected entry once, however often it is pressed before that is there", async () => {
  const { keys, opened } = await openLog(snapshot())
  keys.press("enter")
  keys.press("enter")
  await vi.waitUntil(() => opened.length > 0)
  await new Promise(resolve => setImmediate(resolve))
  expect(opened).toEqual([{ generation: 0, ordinal: ROWS.length - 1 }])
})

test("Enter on a loss says that there is nothing to open", async () => {
  const { keys, see } = await openLog(snapshot())
  keys.press("k")
  await see("paused")
  keys.press("k")
  await see("▌┄")
  expect(keys.press("enter")).toMatchObject({ kind: "refused", reason: "detail: this row is no request" })
})

test("what a filter found is counted apart for the ring and the older pages", async () => {
  const found = { filter: "status:5xx", start: -40, rowsFrom: 0, matching: 3 }
  expect((await openLog(snapshot(found))).lines()[0]).toContain(" 3 of 9 812 match, 41 older")
  expect((await openLog(snapshot(found), [70, 8])).lines()[0]).toMatch(/ 3 of 9 812 match$/)
})

test("one entry whole: what it means first, then every field as the stream holds it", async () => {
  const inspection: Inspection = {
    ordinal: 0,
    entry: entry(420, { path: `/${"x".repeat(80)}`, status: "503", user_id: ALICE }),
    pairs: [
      ["path", `/${"x".repeat(80)}`],
      ["status", "503"],
      ["status", "200"],
      ["note", "\x1b]0;owned\x07"],
      ["empty", ""],
    ],
  }
  const shell = {
    names: { states: new ValueStore({ byId: new Map([[ALICE, "Alice Liddell"]]), trouble: undefined }) },
  } as unknown as Shell
  const memory = new Map()
  const open = (rows: number) => {
    let view: ScreenView | undefined
    const Screen = () => {
      view = entryScreen.useView(inspection, { columns: 80, rows })
      return view.body
    }
    const { lastFrame } = render(
      <ShellProvider value={shell}>
        <MemoryProvider value={memory}>
          <Screen />
        </MemoryProvider>
      </ShellProvider>,
    )
    return { lastFrame, press: (chord: Chord) => view?.keys.find(({ keys }) => keys.includes(chord))?.press() }
  }
  const { lastFrame } = open(20)
  await vi.waitUntil(() => lastFrame() !== undefined)
  expect(linesOf(lastFrame())).toMatchInlineSnapshot(`
    [
      " Entry 1700000000420-0                                  2023-11-14 22:13:20.420",
      " GET /xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx…              503 in 42 ms   risk 0.05",
      "",
      "   trace            4f3a00000000000000000000000000aa",
      "   client           203.0.113.7  Frankfurt, DE",
      "   agent            human  Mozilla/5.0",
      "   identity         jwt",
      "   user             Alice Liddell  8f2c1d3e-5b6a-4c7d-9e8f-0a1b2c3d4e5f",
      "   organization     -",
      "",
      " Every field, as the stream holds it",
      "   path             /xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx",
      "                    xxxxxxxxxxxxxxxxxxxxxx",
      "   status           503",
      "   status           200",
      "   note             \\x1b]0;owned\\x07",
      "   empty            -",
    ]
  `)
  const small = open(8)
  await vi.waitUntil(() => small.lastFrame()?.includes("Entry"))
  small.press("G")
  await vi.waitUntil(() => small.lastFrame()?.includes("empty"))
  cleanup()
  const again = open(8)
  await vi.waitUntil(() => again.lastFrame() !== undefined)
  expect(again.lastFrame()).toContain("empty")
})
