import { useEffect, useRef } from "react"
import type { Term } from "../../../../domain/access-log-filter.ts"
import { asDeckError } from "../../../../domain/errors.ts"
import type { DimensionKey } from "../../../../domain/movers/dimension-keys.ts"
import { dimensionOf } from "../../../../domain/movers/dimensions.ts"
import { show, shown } from "../../../../domain/safe-text.ts"
import type { TailSnapshot } from "../../../../tail/protocol.ts"
import { copyChoice } from "../../../kit/export/copy.tsx"
import type { Moving } from "../../../kit/moving.ts"
import { useScreenReducer, useShell } from "../../../kit/shell.ts"
import { useStore } from "../../../runtime/use-store.ts"
import type { Piece } from "../../../widgets/line.tsx"
import { moverRisk } from "./mover-risk.ts"
import { moversPanel } from "./movers-panel.ts"
import { type MoverRow, mostOf, moverRows, panelLines } from "./movers-rows.ts"
import { initialMovers, isShown, type MoversAction, moversReducer, selectedAt } from "./movers-state.ts"

/** The panel of those who send most, as it is and as it can be acted on. */
export interface MoversModel extends Moving {
  readonly hasKeyboard: boolean
  /** Columns that it has beside the log; 0 where it is not there. */
  readonly columns: number
  /** In the place of the log's rows. */
  readonly isInstead: boolean
  readonly panel: readonly Piece[][]
  /** The dimension that has the whole panel. */
  readonly only: DimensionKey | undefined
  /** The selected mover. */
  readonly row: MoverRow | undefined
  toggle(): void
  dispatch(action: Exclude<MoversAction, { type: "move" }>): void
  /** Only those requests that the selected one stands for, or all others. */
  narrow(negated: boolean): void
  copy(): void
  /** What rejecting at its risk would do. */
  tryThreshold(): void
}

/** From so many columns on the panel stands beside the log. */
const BESIDE_FROM = 150

const panelColumns = (columns: number) => Math.min(72, Math.round(columns * 0.36))

/** The movers of the requests that pass the filter, in `height` rows of a screen of `columns`; the first is the title. */
export function useMovers(
  snapshot: TailSnapshot | null,
  { columns, height }: { readonly columns: number; readonly height: number },
  narrow: (term: Term) => void,
): MoversModel {
  const shell = useShell()
  const { tail, names, say } = shell
  const { byId } = useStore(names.states)
  const isBeside = columns >= BESIDE_FROM
  const [state, dispatch] = useScreenReducer("movers", moversReducer, () => initialMovers)
  const { minutes, sort, only, hasKeyboard } = state
  const shows = isShown(state, isBeside)
  useEffect(() => {
    tail.watchMovers(shows ? { minutes, sort, rows: mostOf(only), only } : null)
  }, [tail, shows, minutes, sort, only])
  useEffect(() => () => tail.watchMovers(null), [tail])

  const movers = snapshot?.movers ?? null
  const lines = movers === null ? [] : panelLines(movers, height - 1, only)
  const rows = moverRows(lines)
  const row = rows[selectedAt(rows, state.selected)]
  useEffect(() => names.want(rows.flatMap(({ key, mover }) => (key === "user" ? [mover.value] : []))))
  // Whoever acts on a row acts on what stands there, even if it changes places before the next key.
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
      if (threshold === undefined) say(shown`threshold: most of these requests have no risk to reject by`, "look")
      else shell.open("threshold", { threshold })
    } catch (error) {
      if (!signal.aborted) say(show(`threshold: ${asDeckError(error).message}`), "act")
    }
  }
  const own = panelColumns(columns)
  // Nothing was chosen yet by somebody who was not here.
  const isChosen = hasKeyboard || state.selected !== undefined
  const at = !isChosen ? -1 : lines.findIndex(line => line.kind === "mover" && line.row === row)
  const drawn = { state, snapshot: movers, lines, at, names: byId, height: height - 1 }
  const term = row && dimensionOf(row.key).term(row.mover.value)
  return {
    hasKeyboard,
    columns: shows && isBeside ? own : 0,
    isInstead: shows && !isBeside,
    panel: shows ? moversPanel({ ...drawn, columns: isBeside ? own : columns }) : [],
    only,
    row,
    page: Math.max(1, height - 3),
    toggle: () => dispatch({ type: "toggle", isBeside }),
    dispatch,
    move: by => dispatch({ type: "move", by, rows }),
    narrow: negated => term && narrow({ ...term, negated }),
    copy: () => row && copyChoice({ what: show(row.mover.value), text: () => row.mover.value }, shell),
    tryThreshold: () => term && void tryThreshold(term),
  }
}
