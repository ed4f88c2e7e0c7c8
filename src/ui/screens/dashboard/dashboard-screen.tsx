import { useQueries } from "@tanstack/react-query"
import { PARTS } from "../../../domain/dashboard.ts"
import { asDeckError } from "../../../domain/errors.ts"
import { DashboardReader } from "../../../services/dashboard/dashboard-reader.ts"
import { defineBindings } from "../../keys/binding.ts"
import { useStore } from "../../live/use-store.ts"
import { defineScreen, type ScreenModel, type Size } from "../../screen/screen.ts"
import { Scrolled, type Scrolling, scrollBindings, useScrolling } from "../../screen/scroll.tsx"
import { usePlaceRef, useShell } from "../../shell/shell-context.ts"
import type { Piece } from "../../widgets/line.tsx"
import type { PartState, PartStates } from "./dashboard-figures.ts"
import { dashboardLines } from "./dashboard-lines.ts"

interface DashboardModel extends ScreenModel, Scrolling {
  readonly lines: readonly (readonly Piece[])[]
  readonly isReading: boolean
  readonly hasEstimates: boolean
  refresh(): void
  countAgain(): void
}

const REFRESH_MS = 30_000

/** How much there is of everything, and how it grows. */
export const dashboardScreen = defineScreen<void, DashboardModel>({
  id: "dashboard",
  title: "Dashboard",
  digit: "2",
  summary: "users, runs, tokens and cost, and how they grow",
  bindings: defineBindings<DashboardModel>([
    {
      keys: ["ctrl-r"],
      label: "refresh",
      footer: true,
      help: "read what is new; it is read every 30 s anyway",
      run: model => model.refresh(),
    },
    {
      keys: ["c"],
      label: "count again",
      footer: true,
      help: "count everything again, which may be slow: what is marked ~ becomes exact",
      possible: model =>
        model.isReading ? "the figures are being read" : model.hasEstimates || "no figure is marked ~",
      run: model => model.countAgain(),
    },
    ...scrollBindings,
  ]),
  useModel: useDashboard,
  Body: ({ model, size }) => <Scrolled lines={model.lines} top={model.top} size={size} />,
})

/** The readings of the tables, each by itself, while the screen is in sight; the log's figures with every tick of the clock. */
function useDashboard(_: unknown, size: Size): DashboardModel {
  const { deck, tail, clock } = useShell()
  const now = useStore(clock.times)
  const reader = usePlaceRef("reader", () => new DashboardReader(deck)).current
  const queries = useQueries({
    queries: PARTS.map(part => ({
      queryKey: ["dashboard", part],
      queryFn: ({ signal }: { signal: AbortSignal }) => reader.refresh(part, signal),
      refetchInterval: REFRESH_MS,
      staleTime: REFRESH_MS,
      // The next refresh comes soon enough, and counting a large table must not be repeated at once.
      retry: false,
      gcTime: Number.POSITIVE_INFINITY,
    })),
  })
  const states = queries.map(
    ({ data, error }): PartState => ({ reading: data, failure: error ? asDeckError(error) : undefined }),
  )
  const parts = Object.fromEntries(PARTS.map((part, i) => [part, states[i]])) as PartStates
  const isReading = queries.some(query => query.isFetching)
  const lines = dashboardLines({ parts, tail: tail.snapshots.snapshot, now, isReading }, size)
  const scrolling = useScrolling(lines.length, size.rows)
  const refresh = () => {
    for (const query of queries) void query.refetch({ cancelRefetch: false })
  }
  return {
    lines,
    ...scrolling,
    isReading,
    hasEstimates: states.some(({ reading }) => reading?.isExact === false),
    refresh,
    countAgain: () => {
      reader.countAnew()
      refresh()
    },
  }
}
