import { useEffect, useRef } from "react"
import type { AccessLogEntry } from "../../../../domain/access-log.ts"
import type { Term } from "../../../../domain/access-log-filter.ts"
import { withTerm } from "../../../../domain/access-log-pivot.ts"
import { asDeckError } from "../../../../domain/errors.ts"
import type { DimensionKey } from "../../../../domain/movers/dimension-keys.ts"
import { dimensionOf } from "../../../../domain/movers/dimensions.ts"
import { show, shown } from "../../../../domain/safe-text.ts"
import { windowText } from "../../../../domain/time-window.ts"
import { readLogFilter } from "../../../../tail/log-filter.ts"
import type { TailSnapshot } from "../../../../tail/protocol.ts"
import { copyChoice } from "../../../kit/export/copy.tsx"
import { type Shell, useScreenReducer, useShell } from "../../../kit/shell.ts"
import { useStore } from "../../../runtime/use-store.ts"
import { addressHold, networksHold } from "../../shared/hold.ts"
import { useCounted } from "../zoom/use-counted.ts"
import { changeUserOf } from "./mover-users.ts"
import { moversPanel } from "./movers-panel.ts"
import { mostOf, moverRows, panelLines } from "./movers-rows.ts"
import { initialMovers, isShown, moversReducer, selectedAt } from "./movers-state.ts"
import { type InSight, moversWindow } from "./movers-window.ts"

/** Model of the movers' panel. */
export type MoversModel = ReturnType<typeof useMovers>

/** Least columns of a screen on which the panel stands beside the log. */
const BESIDE_FROM = 150

const panelColumns = (columns: number) => Math.min(72, Math.round(columns * 0.36))

/** How often the movers of a window that is not over are counted again, in ms. */
const WINDOW_EVERY_MS = 20_000

/** Makes the movers of the requests that pass the filter, in `height` rows, the first being the title. */
export function useMovers(
  snapshot: TailSnapshot | null,
  { columns, height, isTyping }: { readonly columns: number; readonly height: number; readonly isTyping: boolean },
  narrow: (term: Term) => void,
  inSight: InSight & { readonly isRecorded: boolean },
) {
  const shell = useShell()
  const { tail, names, say, deck } = shell
  const { byId } = useStore(names.states)
  const isBeside = columns >= BESIDE_FROM
  const [state, dispatch] = useScreenReducer("movers", moversReducer, () => initialMovers)
  const { minutes, sort, reversed, only, hasKeyboard, marked } = state
  const shows = isShown(state, isBeside)
  const window = inSight.isRecorded ? moversWindow(inSight, minutes) : undefined
  const isOfWindow = window !== undefined
  const filter = snapshot?.filter ?? ""
  const watch = { minutes, sort, reversed: reversed || undefined, rows: mostOf(only), only }
  const counted = useCounted(
    window && shows
      ? {
          key: [windowText(window), sort, reversed, only, filter].join(" "),
          group: windowText(window),
          ask: async signal => (await import("./read-movers.ts")).readMovers(deck, filter, window, watch, signal),
          everyMs: window.untilMs > (snapshot?.now ?? 0) ? WINDOW_EVERY_MS : undefined,
        }
      : undefined,
  )
  useEffect(() => {
    const order = reversed ? ({ sort, reversed } as const) : { sort }
    tail.watchMovers(shows && !isOfWindow ? { minutes, ...order, rows: mostOf(only), only } : null)
  }, [tail, shows, isOfWindow, minutes, sort, reversed, only])
  useEffect(() => () => tail.watchMovers(null), [tail])

  const movers = (isOfWindow ? counted.answer : snapshot?.movers) ?? null
  const lines = movers === null ? [] : panelLines(movers, height - 1, only)
  const rows = moverRows(lines)
  const row = rows[selectedAt(rows, state.selected)]
  useEffect(() => names.request(rows.flatMap(({ key, mover }) => (key === "user" ? [mover.value] : []))))
  // Holds the selected row, so that the next key acts on it even if it changes places.
  useEffect(() => {
    const isHeld = row?.key === state.selected?.key && row?.mover.value === state.selected?.value
    if (hasKeyboard && row && !isHeld) dispatch({ type: "move", by: 0, rows })
  })

  const asking = useRef<AbortController>(undefined)
  useEffect(() => () => asking.current?.abort(), [])
  const tryThreshold = async (term: Term) => {
    asking.current?.abort()
    asking.current = new AbortController()
    const { signal } = asking.current
    try {
      const threshold = await moverRisk(shell, snapshot?.filter ?? "", term, signal)
      if (signal.aborted) return
      if (threshold === undefined) say(shown`threshold: the risk of most of these requests is 0 or unknown`, "look")
      else shell.open("threshold", { threshold })
    } catch (error) {
      if (!signal.aborted) say(show(`threshold: ${asDeckError(error).message}`), "act")
    }
  }
  const changeUser = (...change: Parameters<typeof changeUserOf>[2]) => {
    if (row === undefined || term === undefined) return
    asking.current?.abort()
    asking.current = new AbortController()
    void changeUserOf(row, { term, filter: snapshot?.filter ?? "" }, change, shell, asking.current.signal)
  }
  const own = panelColumns(columns)
  const isChosen = hasKeyboard || state.selected !== undefined
  const at = !isChosen ? -1 : lines.findIndex(line => line.kind === "mover" && line.row === row)
  const told = { window, failure: counted.failure, now: snapshot?.now ?? 0 }
  const drawn = { state, snapshot: movers, lines, at, names: byId, height: height - 1, isTyping, ...told }
  const term = row && dimensionOf(row.key).term(row.mover.value)
  const chosen = marked ? { ...dimensionOf(marked.key).term(""), values: marked.values } : term
  return {
    hasKeyboard,
    /** Columns beside the log; 0 where it does not stand there. */
    columns: shows && isBeside ? own : 0,
    /** Stands in place of the log's rows. */
    isInstead: shows && !isBeside,
    panel: shows ? moversPanel({ ...drawn, columns: isBeside ? own : columns }) : [],
    only,
    minutes,
    sort,
    reversed,
    row,
    page: Math.max(1, height - 3),
    toggle: () => dispatch({ type: "toggle", isBeside }),
    dispatch,
    move: (by: number) => dispatch({ type: "move", by, rows }),
    marked,
    holdable: holdableOf(marked ?? (row && { key: row.key, values: [row.mover.value] })),
    jump: (by: 1 | -1) => dispatch({ type: "jump", by, rows }),
    mark: () => row && dispatch({ type: "mark", row, rows }),
    /** Filters by the marked movers, else by the selected one, or by all others. */
    narrow: (negated: boolean) => {
      if (chosen) narrow({ ...chosen, negated })
      dispatch({ type: "unmark" })
    },
    copy: () => row && copyChoice({ what: show(row.mover.value), text: () => row.mover.value }, shell),
    changeUser,
    /** Opens the gateway with the risk of the selected mover as the threshold. */
    tryThreshold: () => term && void tryThreshold(term),
  }
}

/** The addresses or networks, as they are held. */
function holdableOf(chosen: { readonly key: DimensionKey; readonly values: readonly string[] } | undefined) {
  if (chosen?.key === "network") return networksHold(chosen.values)
  if (chosen?.key !== "ip") return undefined
  const [first = "", ...others] = chosen.values
  const alone = (address: string) => `${address}/${address.includes(":") ? 128 : 32}`
  return others.length === 0 ? addressHold(first) : networksHold(chosen.values.map(alone))
}

/** Most requests of the sample. */
const ENOUGH = 200

/**
 * Returns the median risk of the newest requests that pass `filter` and `term`: a threshold (0 to 1) that would have
 * rejected half of them. Undefined where it is 0, which rejects nobody. Throws DeckError as filter and tail do, and the
 * reason of `signal`.
 */
async function moverRisk(
  { deck, tail }: Pick<Shell, "deck" | "tail">,
  filter: string,
  term: Term,
  signal: AbortSignal,
): Promise<number | undefined> {
  const risks: number[] = []
  const narrowed = await readLogFilter(deck, withTerm(filter, term), signal)
  for await (const { entries } of tail.matches(narrowed, signal)) {
    risks.push(...entries.map(({ risk_score }: AccessLogEntry) => risk_score ?? 0))
    if (risks.length >= ENOUGH) break
  }
  const newest = risks.slice(0, ENOUGH).toSorted((a, b) => a - b)
  return newest[Math.floor((newest.length - 1) / 2)] || undefined
}
