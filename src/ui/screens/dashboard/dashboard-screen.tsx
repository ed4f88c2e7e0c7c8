import { useQueries } from "@tanstack/react-query"
import { Box } from "ink"
import { useState } from "react"
import { PARTS } from "../../../domain/dashboard.ts"
import { asDeckError } from "../../../domain/errors.ts"
import { floodOf, RECENT } from "../../../domain/recent.ts"
import { type Shown, shown } from "../../../domain/safe-text.ts"
import { showDashboard } from "../../../services/dashboard/dashboard.ts"
import { DashboardReader } from "../../../services/dashboard/dashboard-reader.ts"
import { RecentReader, type RecentReading } from "../../../services/dashboard/recent-reader.ts"
import { selectionBindings, useSelection } from "../../kit/detail/selection.ts"
import { defineScreen, type Size } from "../../kit/screen.ts"
import { type Shell, useScreenRef, useShell } from "../../kit/shell.ts"
import { useStore } from "../../runtime/use-store.ts"
import { Line, type Piece, selectedPieces } from "../../widgets/line.tsx"
import { SmallTable } from "../../widgets/small-table.tsx"
import { MARK } from "../../widgets/table.tsx"
import { changesOfAlert, lastMinutes } from "../shared/changed-since.ts"
import { useRegistration } from "../shared/registration.ts"
import type { PartStates } from "./dashboard-figures.ts"
import { dashboardContent, type PlacedTable } from "./dashboard-lines.ts"

const REFRESH_MS = 30_000

/** Screen of the platform's totals and their growth. */
export const dashboardScreen = defineScreen({
  id: "dashboard",
  title: "Dashboard",
  shortTitle: "Dash",
  tabKey: "2",
  summary: "users, runs, tokens and cost over time",
  bindings: [
    {
      keys: ["enter", "d"],
      label: "open",
      now: ({ lead }) => lead?.to,
      footer: true,
      help: "what the selected line counts: the gateway, the queue, registration, new users, users, runs, or runs of a status or an error",
      possible: ({ lead }) => lead !== undefined,
      run: ({ shell, lead }) => lead?.open(shell),
    },
    {
      keys: ["b"],
      label: "what changed",
      footer: ({ ofAlert }) => ofAlert !== undefined,
      help: "what changed in the log as the alert began that is on, else in the last 5 minutes, against the time before",
      possible: ({ held }) => held > 0 || "nothing of the log was read yet",
      run: model => model.openChanges(),
    },
    {
      keys: ["ctrl-r"],
      label: "refresh",
      footer: true,
      help: "refresh now; it refreshes every 30 s by itself",
      run: model => model.refresh(),
    },
    {
      keys: ["="],
      label: "recount",
      footer: true,
      help: "recount exactly (slow); figures with ~ become exact",
      possible: model => !model.isCounting || "already counting",
      run: model => model.countAgain(),
    },
    ...selectionBindings,
  ],
  useModel: useDashboard,
  Body: DashboardBody,
})

/** Reads each table separately while the screen is visible, and the figures of the log with every tick of the clock. */
function useDashboard(_: unknown, size: Size) {
  const shell = useShell()
  const { deck, tail, clock } = shell
  const queue = useStore(shell.queue.states) ?? undefined
  const now = useStore(clock.times)
  useStore(shell.alerts.states)
  const reader = useScreenRef("reader", () => new DashboardReader(deck)).current
  const queries = useQueries({
    queries: PARTS.map(part => ({
      queryKey: ["dashboard", part],
      queryFn: ({ signal }: { signal: AbortSignal }) => reader.refresh(part, signal),
      refetchInterval: REFRESH_MS,
      staleTime: REFRESH_MS,
      // The next refresh comes soon, and counting a large table must not be repeated at once.
      retry: false,
      gcTime: Number.POSITIVE_INFINITY,
    })),
  })
  const ofAlert = shell.alerts.alerts
    .map(alert => changesOfAlert(alert, shell.alerts.now ?? now))
    .find(changes => changes !== undefined)
  const registration = useRegistration()
  const recent = useScreenRef("recent", () => new RecentReader(deck)).current
  const [failures, newUsers] = useQueries({
    queries: RECENT.map(of => ({
      queryKey: ["dashboard", of],
      queryFn: ({ signal }: { signal: AbortSignal }) => recent.refresh(of, signal),
      refetchInterval: REFRESH_MS,
      retry: false,
    })),
  })
  const states = queries.map(({ data, error }) => ({ reading: data, failure: error ? asDeckError(error) : undefined }))
  const parts = Object.fromEntries(PARTS.map((part, i) => [part, states[i]])) as PartStates
  const isReading = queries.some(query => query.isFetching)
  const [isCounting, setCounting] = useState(false)
  const doing = isCounting ? shown`recounting…` : isReading ? shown`reading…` : shown``
  const content = dashboardContent(
    {
      parts,
      tail: tail.snapshots.snapshot,
      queue,
      registration,
      failures: failures?.data ?? undefined,
      flood: newUsers?.data ? floodOf(byHour(newUsers.data), now) : undefined,
      now,
      doing,
      readFrom: deck.readFrom(showDashboard),
    },
    size,
  )
  const selection = useSelection({ keys: content.lines.map(({ key }) => key), height: size.rows })
  const { selected, cursor } = selection.state
  return {
    shell,
    command: { ...showDashboard, given: {} },
    content,
    ...selection,
    /** Where the selected line leads. */
    lead: selected === undefined ? undefined : content.lines[cursor]?.lead,
    /** Requests of the log that are held. */
    held: tail.snapshots.snapshot?.held ?? 0,
    ofAlert,
    openChanges: () => shell.open("changes", ofAlert ?? changesOfLog(shell, now)),
    isCounting,
    refresh: () => {
      for (const query of [...queries, failures, newUsers]) void query?.refetch({ cancelRefetch: false })
    },
    countAgain: () => {
      reader.recount()
      recent.recount()
      for (const query of [failures, newUsers]) void query?.refetch()
      setCounting(true)
      // A refetch that runs already would not recount.
      void Promise.all(queries.map(query => query.refetch({ cancelRefetch: true }))).finally(() => setCounting(false))
    },
  }
}

/** What changed in the last minutes. */
function changesOfLog({ tail, recorder }: Shell, now: number) {
  const log = tail.snapshots.snapshot
  const heldSince = recorder.states.snapshot ? undefined : log?.timeline.from
  return { filter: "", window: lastMinutes(log?.now ?? now, heldSince) }
}

/** New users by the beginning of their hour, in ms since the epoch. */
const byHour = ({ counts }: RecentReading) => new Map([...counts].map(([hour, count]) => [Number(hour), Number(count)]))

/** Draws the visible lines; of the selected one, the part that can be opened is highlighted. */
function DashboardBody({ model, size }: { model: ReturnType<typeof useDashboard>; size: Size }) {
  const { content, state } = model
  return (
    <Box flexDirection="column">
      {content.lines.slice(state.top, state.top + size.rows).map(({ pieces, beside = [] }, index) => {
        const isSelected = state.selected !== undefined && state.top + index === state.cursor
        const line = [...(isSelected ? selected(pieces) : pieces), ...beside]
        return <Line key={state.top + index} pieces={line} columns={size.columns} />
      })}
      <RowsInSight table={content.models} top={state.top} height={size.rows} />
    </Box>
  )
}

/** Draws the visible rows of a table over the lines that are blank for it. */
function RowsInSight({ table, top, height }: { table: PlacedTable; top: number; height: number }) {
  const first = Math.max(0, top - table.line)
  const rows = table.rows.slice(first, Math.max(0, top + height - table.line))
  if (rows.length === 0) return null
  return (
    <Box position="absolute" marginTop={table.line + first - top} marginLeft={table.column}>
      <SmallTable columns={table.columns} rows={rows} />
    </Box>
  )
}

function selected(pieces: readonly Piece[]): Piece[] {
  const text = pieces.map(([text]) => text).join("")
  return selectedPieces(shown`${MARK}${text.slice(1) as Shown}`)
}
