import { useQuery } from "@tanstack/react-query"
import { useEffect } from "react"
import { parseFilter } from "../../../../domain/access-log-filter.ts"
import { withTerm } from "../../../../domain/access-log-pivot.ts"
import { compareAnswer, compareQuery } from "../../../../domain/log-counts/compare.ts"
import { countedDimension } from "../../../../domain/log-counts/counted-dimensions.ts"
import { type ChangedValue, COMPARED, type ComparedOutcome } from "../../../../domain/log-counts/what-changed.ts"
import { show } from "../../../../domain/safe-text.ts"
import { windowText } from "../../../../domain/time-window.ts"
import type { Destinations } from "../../../kit/destinations.ts"
import { readState } from "../../../kit/detail/read-state.ts"
import { fieldChoice, recordChoices } from "../../../kit/export/choices.ts"
import { callOf } from "../../../kit/export/contract.ts"
import { pageOf } from "../../../kit/moving.ts"
import type { Size } from "../../../kit/screen.ts"
import { useScreenReducer, useScreenRef, useShell } from "../../../kit/shell.ts"
import { useDebounced } from "../../../runtime/use-debounced.ts"
import { useStore } from "../../../runtime/use-store.ts"
import { hasNames } from "./changes-lines.ts"
import { changesReducer } from "./changes-state.ts"
import { type Baseline, baselineOf } from "./windows.ts"

/** Model of what changed. */
export type ChangesModel = ReturnType<typeof useChanges>

/** The command that gives the same values. */
const LOG_COMPARE = { words: ["log", "compare"], input: compareQuery, answer: compareAnswer }

const OUTCOMES = Object.keys(COMPARED) as ComparedOutcome[]

/** Rows of title, filter and column titles. */
const OTHER_ROWS = 3

/** Compares the windows; leaving the screen, or asking for something else, ends the engine's query. */
export function useChanges({ filter, window: after, against, of: asked }: Destinations["changes"], size: Size) {
  const shell = useShell()
  const { deck, names, clock } = shell
  const now = useStore(clock.times)
  const opened = useScreenRef("opened", () => now)
  const baselines: readonly Baseline[] = against ? ["typed", "before", "yesterday"] : ["before", "yesterday"]
  const [state, dispatch] = useScreenReducer("changes", changesReducer, () => ({
    filter,
    steps: [],
    baseline: baselines[0] as Baseline,
    of: asked,
    at: 0,
  }))
  const { baseline } = state
  const before =
    baseline === "typed" && against ? against : baselineOf(after, baseline === "yesterday" ? baseline : "before")
  const input = {
    filter: state.filter || undefined,
    window: windowText(after),
    with: windowText(before),
    of: state.of,
  }
  const query = useQuery({
    queryKey: ["log changes", input],
    queryFn: async ({ signal }) => {
      const { whatChanged } = await import("../../../../services/log-counts/what-changed.ts")
      return deck.run(whatChanged, input, { signal })
    },
    // The windows are over.
    staleTime: Number.POSITIVE_INFINITY,
    retry: false,
  })
  const { value: answer, reading, failure } = readState(query)
  // What takes no time is not announced.
  const isSlow = useDebounced(reading) && reading
  const rows = answer?.data ?? []
  const at = Math.max(0, Math.min(state.at, rows.length - 1))
  const selected = rows[at]
  const { byId } = useStore(names.states)
  useEffect(() => names.request(rows.flatMap(({ dimension, value }) => (hasNames(dimension) ? [value] : []))))
  const of = answer?.of ?? state.of
  const term = selected && termOf(selected)
  const compared = filterOf(state.filter, of)
  return {
    shell,
    state,
    after,
    before,
    answer,
    failure: failure?.code === "cancelled" ? undefined : failure,
    isSlow,
    at,
    selected,
    names: byId,
    /** The filter of what is compared. */
    compared,
    now: Math.max(opened.current, now),
    height: Math.max(1, size.rows - OTHER_ROWS),
    command: callOf({ operation: LOG_COMPARE }, { ...input, of: undefined, filter: compared || undefined }),
    page: pageOf(size.rows - OTHER_ROWS),
    move: (by: number) => dispatch({ type: "move", by, rows: rows.length }),
    compareWithNext: () => dispatch({ type: "against", baselines }),
    /** What the next press compares with. */
    nextBaseline: baselines[(baselines.indexOf(baseline) + 1) % baselines.length] as Baseline,
    showNext: () =>
      of && dispatch({ type: "of", of: OUTCOMES[(OUTCOMES.indexOf(of) + 1) % OUTCOMES.length] as ComparedOutcome }),
    narrow: (negated: boolean) => term && dispatch({ type: "narrow", term: { ...term, negated } }),
    undo: () => dispatch({ type: "undo" }),
    again: () => void query.refetch(),
    /** Opens the log of these requests alone, at the first of them in the window. */
    openLog: () => {
      if (selected === undefined || term === undefined) return
      const from = selected.since === null ? after.fromMs : Date.parse(selected.since)
      shell.open("logOf", { filter: withTerm(compared, term), stayAt: `${Math.floor(from)}-0` })
    },
    copies: () =>
      selected === undefined
        ? []
        : [fieldChoice(show(selected.dimension), selected.value), ...recordChoices(selected, show("the whole row"))],
  }
}

const termOf = ({ dimension, value }: ChangedValue) =>
  countedDimension(dimension as Parameters<typeof countedDimension>[0]).term(value)

/** Returns the filter of what is compared. */
function filterOf(filter: string, of: ComparedOutcome | undefined): string {
  const [term] = parseFilter((of && COMPARED[of]) ?? "")
  return term === undefined ? filter : withTerm(filter, term)
}
