import { useQueries } from "@tanstack/react-query"
import { useState } from "react"
import { PARTS } from "../../../domain/dashboard.ts"
import { asDeckError } from "../../../domain/errors.ts"
import { shown } from "../../../domain/safe-text.ts"
import { showDashboard } from "../../../services/dashboard/dashboard.ts"
import { DashboardReader } from "../../../services/dashboard/dashboard-reader.ts"
import { defineBindings } from "../../keys/binding.ts"
import { type Selection, selectionBindings, useSelection } from "../../kit/detail/selection.ts"
import { defineScreen, type ScreenModel, type Size } from "../../kit/screen.ts"
import { type Shell, useScreenRef, useShell } from "../../kit/shell.ts"
import { useStore } from "../../runtime/use-store.ts"
import { DashboardBody } from "./dashboard-body.tsx"
import type { PartState, PartStates } from "./dashboard-figures.ts"
import { type DashboardContent, dashboardContent } from "./dashboard-lines.ts"

interface DashboardModel extends ScreenModel, Selection {
  readonly shell: Shell
  readonly content: DashboardContent
  readonly isCounting: boolean
  refresh(): void
  countAgain(): void
}

const selectedIn = ({ content, state }: Pick<DashboardModel, "content" | "state">) =>
  state.selected === undefined ? undefined : content.lines[state.cursor]?.status

const REFRESH_MS = 30_000

/** How much there is of everything, and how it grows. */
export const dashboardScreen = defineScreen<void, DashboardModel>({
  id: "dashboard",
  title: "Dashboard",
  tabKey: "2",
  summary: "users, runs, tokens and cost, and how they grow",
  bindings: defineBindings<DashboardModel>([
    {
      keys: ["enter"],
      label: "runs",
      footer: true,
      help: "the runs of the selected status",
      possible: model => selectedIn(model) !== undefined,
      run: model => model.shell.open("runsOf", { status: selectedIn(model) }),
    },
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
      possible: model => !model.isCounting || "that is going on",
      run: model => model.countAgain(),
    },
    ...selectionBindings,
  ]),
  useModel: useDashboard,
  Body: ({ model, size }) => <DashboardBody content={model.content} state={model.state} size={size} />,
})

/** The readings of the tables, each by itself, while the screen is in sight; the log's figures with every tick of the clock. */
function useDashboard(_: unknown, size: Size): DashboardModel {
  const shell = useShell()
  const { deck, tail, clock } = shell
  const now = useStore(clock.times)
  const reader = useScreenRef("reader", () => new DashboardReader(deck)).current
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
  const [isCounting, setCounting] = useState(false)
  const doing = isCounting ? shown`counting again…` : isReading ? shown`reading…` : shown``
  const content = dashboardContent({ parts, tail: tail.snapshots.snapshot, now, doing }, size)
  const selection = useSelection({ keys: content.lines.map(({ status }) => status), height: size.rows })
  return {
    shell,
    command: { ...showDashboard, given: {} },
    content,
    ...selection,
    isCounting,
    refresh: () => {
      for (const query of queries) void query.refetch({ cancelRefetch: false })
    },
    countAgain: () => {
      reader.recount()
      setCounting(true)
      // What is being read just now would not be counted.
      void Promise.all(queries.map(query => query.refetch({ cancelRefetch: true }))).finally(() => setCounting(false))
    },
  }
}
