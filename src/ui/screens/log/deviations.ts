import type { Term } from "../../../domain/access-log-filter.ts"
import type { Deviation } from "../../../domain/movers/deviations.ts"
import { dimensionOf } from "../../../domain/movers/dimensions.ts"
import { type Shown, show, shown } from "../../../domain/safe-text.ts"
import { closing, defineDialog } from "../../kit/dialog/define-dialog.tsx"
import { choosing, useChoosing } from "../../kit/moving.ts"
import { useShell } from "../../kit/shell.ts"
import { useStore } from "../../runtime/use-store.ts"
import { CELL_BYTES } from "../../widgets/cells.ts"
import { grouped, percent, shortIds } from "../../widgets/format.ts"
import { cutPieces, type Piece, piece, piecesWidth, spread } from "../../widgets/line.tsx"
import { listLines } from "../../widgets/list.ts"
import { MARK } from "../../widgets/table.tsx"

/** Returns the most lines that name what stands out on a screen of `rows`. */
export const mostDeviations = (rows: number): number => (rows >= 35 ? 3 : rows >= 15 ? 2 : 1)

/** Returns the filter's term that means the requests of the senders, or of the route. */
export function termOfDeviation({ key, values }: Deviation): Term {
  return { ...dimensionOf(key).term(values[0] as string), values }
}

type Names = ReadonlyMap<string, string>

/** From this much of the figure before on it says more than the present one alone. */
const ROSE = 1.25
const FELL = 0.8

/** Returns `from 4 to `, `down from 116 to `, or nothing where the window before was alike, or not seen. */
function changeText({ before, perMinute }: Deviation): Shown {
  if (before === null || (perMinute < before * ROSE && perMinute > before * FELL)) return shown``
  return shown`${perMinute < before ? shown`down ` : shown``}from ${grouped(Math.round(before))} to `
}

/** `brief` is with fewer words, `briefest` also without what was before. */
type Length = "whole" | "brief" | "briefest"

/**
 * Returns the sentence, which says of what the share is: `192.0.2.0/24 and 2 more: 87% of their requests refused on
 * /v1/auth/login in 5m, from 4 to 210/min`, or `192.0.2.0/24 +2: 87% of theirs refused on /v1/auth/login, 210/min`.
 */
function sentence(deviation: Deviation, names: Names, length: Length = "whole"): Piece[] {
  const { key, values, route, outcome, share, perMinute } = deviation
  const isWhole = length === "whole"
  const [first = ""] = values
  const name = show(names.get(first) ?? (key === "user" ? shortIds(first) : first), CELL_BYTES)
  const others = values.length - 1
  const more = others === 0 ? shown`` : isWhole ? shown` and ${others} more` : shown` +${others}`
  const of = key === "route" ? shown`its requests` : isWhole ? shown`their requests` : shown`theirs`
  const where = key === "route" ? shown`` : shown` on ${show(route, CELL_BYTES)}`
  const what = shown`${percent(share)} of ${of} ${show(outcome)}${where}${isWhole ? shown` in 5m` : shown``}`
  const from = length === "briefest" ? shown`` : changeText(deviation)
  return [piece(shown`${name}${more}`, "strong"), piece(shown`: ${what}, ${from}${grouped(Math.round(perMinute))}/min`)]
}

/**
 * Draws what stands out, a line each: the first names the key that filters by it, unless letters are text now; the last says
 * how many are `hidden`. Where there is no room, the sentence has fewer words, then the key no label.
 */
export function deviationLines(
  found: readonly Deviation[],
  hidden: number,
  names: Names,
  columns: number,
  isTyping: boolean,
): Piece[][] {
  return found.map((deviation, index, { length }) => {
    const mark = piece(shown` ▲ `, deviation.outcome === "failed" ? "act" : "look")
    const hasKey = index === 0 && !isTyping
    const key = hasKey ? [piece(shown`w`, "key")] : []
    const label = hasKey ? [piece(shown` only this`, "dim")] : []
    const more = index === length - 1 && hidden > 0 ? [piece(shown`  ${hidden} more`, "dim")] : []
    const said = (length: Length) => [mark, ...sentence(deviation, names, length)]
    const [labelled, bare] = [
      [...key, ...label, ...more],
      [...key, ...more],
    ]
    const tries: [left: Piece[], right: Piece[]][] = [
      [said("whole"), labelled],
      [said("brief"), labelled],
      [said("whole"), bare],
      [said("brief"), bare],
    ]
    const room = (right: readonly Piece[]) => columns - piecesWidth(right) - 2
    const [left, right] = tries.find(([left, right]) => piecesWidth(left) < room(right)) ?? [said("briefest"), bare]
    return spread(cutPieces(left, room(right)), [...right, piece(shown` `)], columns)
  })
}

interface Choice {
  readonly found: readonly Deviation[]
  take(deviation: Deviation): void
}

/** Dialog that filters by one of the things that stand out. */
export const deviationsScreen = defineDialog({
  id: "deviations",
  title: "What stands out",
  summary: "filter by what stands out",
  columns: 96,
  typedAhead: true,
  bindings: [
    { keys: ["enter"], label: "filter", footer: true, help: "filter by it", run: model => model.filter() },
    ...choosing,
    closing(["esc", "q"]),
  ],
  useModel: ({ found, take }: Choice) => {
    const { names, back } = useShell()
    const { byId } = useStore(names.states)
    const choice = useChoosing(found.length)
    const filter = () => {
      const chosen = found[choice.at]
      if (chosen === undefined) return
      back()
      take(chosen)
    }
    return { ...choice, found, names: byId, filter }
  },
  heading: () => shown`What stands out`,
  lines: ({ found, at, names }, { columns, rows }) =>
    listLines(found, at, rows, (deviation, isChosen) =>
      cutPieces([piece(isChosen ? shown`${MARK} ` : shown`  `, "key"), ...sentence(deviation, names)], columns),
    ),
})
