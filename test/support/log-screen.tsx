import { Box } from "ink"
import { render } from "ink-testing-library"
import type { AccessLogEntry } from "../../src/domain/access-log.ts"
import type { Deviation } from "../../src/domain/movers/deviations.ts"
import { ValueStore } from "../../src/domain/store.ts"
import { StreamEntry } from "../../src/domain/stream-entry.ts"
import { toAccessLogEntry } from "../../src/domain/to-access-log-entry.ts"
import type { LogFilter, TailRow, TailSnapshot, View } from "../../src/tail/protocol.ts"
import { type Routed, route } from "../../src/ui/keys/route.ts"
import type { Screen } from "../../src/ui/kit/screen.ts"
import { MemoryProvider, type Shell, ShellProvider } from "../../src/ui/kit/shell.ts"
import { ColumnChoices } from "../../src/ui/runtime/column-choices.ts"
import { InputHistory } from "../../src/ui/runtime/input-history.ts"
import { Presence } from "../../src/ui/runtime/presence.ts"
import type { TailClient } from "../../src/ui/runtime/tail-client.ts"
import { changes } from "../../src/ui/screens/index.ts"
import { logScreen } from "../../src/ui/screens/log/log-screen.tsx"
import { FIRST_MS, idOf, request } from "./access-log.ts"
import { STATISTICS } from "./statistics.ts"
import { until } from "./waiting.ts"

export const NOW = Date.parse("2023-11-14T22:13:30Z")
export const ALICE = "8f2c1d3e-5b6a-4c7d-9e8f-0a1b2c3d4e5f"

export const entry = (n: number, fields: Record<string, string> = {}): AccessLogEntry =>
  toAccessLogEntry(StreamEntry.from(idOf(n), Object.entries(request({ path: `/n/${n}`, ...fields }))))

export const ROWS: readonly TailRow[] = [
  {
    kind: "entry",
    at: FIRST_MS + 114,
    entry: entry(114, { method: "POST", status: "503", duration_ms: "1234", risk_score: "85" }),
  },
  { kind: "gap", lost: 4900, from: idOf(10_000), to: idOf(31_000), exact: true },
  {
    kind: "entry",
    at: FIRST_MS + 420,
    entry: entry(420, { user_id: ALICE, client_ip: "2001:db8::17", status: "404" }),
  },
  {
    kind: "entry",
    at: FIRST_MS + 500,
    entry: entry(500, { path: "/日本語/\u202egnp.exe", status: "", duration_ms: "", risk_score: "" }),
  },
]

/** What stands out: two networks that try passwords. */
export const ATTACK: Deviation = {
  key: "network",
  values: ["193.32.218.0/24", "2001:db8:0:1::/64"],
  route: "/v1/auth/login",
  outcome: "refused",
  share: 0.987,
  perMinute: 210,
  before: 4,
}

export const snapshot = (changes: Partial<TailSnapshot> = {}): TailSnapshot => ({
  generation: 0,
  filter: "",
  link: { state: "live", heardAt: NOW },
  gateways: [],
  now: NOW,
  statistics: STATISTICS,
  matchStatistics: null,
  seen: 9812,
  held: 9812,
  matching: ROWS.length,
  start: 0,
  end: ROWS.length,
  newest: ROWS.length,
  rowsFrom: 0,
  rows: ROWS,
  scanned: 1,
  older: { state: "more", lookedBackTo: null },
  past: null,
  isLooking: false,
  stayedAt: null,
  leavesInSeconds: 840,
  timeline: { from: NOW - 60_000, barMs: 1000, ok: [], refused: [], failed: [] },
  matchTimeline: null,
  movers: null,
  deviations: [],
  alerts: [],
  ...changes,
})

/** What the log shows of a tail that says `first`, in `columns` by `rows` cells. */
export async function openLog(
  first: TailSnapshot,
  [columns, rows] = [100, 8],
  deck: { run?: () => Promise<unknown> } = {},
  tail: Partial<TailClient> = {},
  around: object = {},
) {
  const size = { columns: columns as number, rows: rows as number }
  const snapshots = new ValueStore<TailSnapshot | null>(first)
  const filters: string[] = []
  const opened: unknown[] = []
  const pushed: { id: string; params: unknown }[] = []
  const said: string[] = []
  /** The users whose names were asked for. */
  const wanted: string[] = []
  const shell = {
    deck,
    open: (_: unknown, inspection: unknown) => void opened.push(inspection),
    push: ({ id }: Screen<never>, params: unknown) => void pushed.push({ id, params }),
    say: (text: string) => void said.push(text),
    tail: overlaid(
      {
        snapshots,
        view: (_: View) => {},
        loadOlder: () => {},
        cancelSearch: () => {},
        watchMovers: () => {},
        get generation() {
          return snapshots.snapshot?.generation ?? 0
        },
        filter: ({ text }: LogFilter) => void filters.push(text),
        inspect: async (generation: number, ordinal: number) => ({ generation, ordinal }),
      },
      tail,
    ),
    names: {
      states: new ValueStore({ byId: new Map([[ALICE, "Alice Liddell"]]), trouble: undefined }),
      request: (ids: Iterable<string>) => void wanted.push(...ids),
    },
    incidents: { states: new ValueStore(null) },
    clock: { times: new ValueStore(NOW) },
    stdout: { write: () => true },
    inputHistory: new InputHistory(),
    columnChoices: new ColumnChoices(),
    changes,
    recorder: { states: new ValueStore(null) },
    presence: new Presence(),
    ...around,
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
  await until(() => lastFrame() !== undefined)
  const lines = () => linesOf(lastFrame())
  const see = (text: string) => until(() => lines().some(line => line.includes(text)))
  return { snapshots, keys, filters, opened, pushed, said, wanted, lines, see }
}

/** Returns `all` with what `own` has instead, its getters too. */
const overlaid = <All extends object>(all: All, own: object): All =>
  Object.defineProperties(all, Object.getOwnPropertyDescriptors(own))

export const linesOf = (frame: string | undefined) => (frame ?? "").split("\n").map(line => line.trimEnd())
