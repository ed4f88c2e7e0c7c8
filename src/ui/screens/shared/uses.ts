import { isUsedUp } from "../../../domain/invite-code.ts"
import { fit, type Shown, shown, width } from "../../../domain/safe-text.ts"
import { bar } from "../../widgets/chart.ts"
import { grouped } from "../../widgets/format.ts"
import { type Piece, piece } from "../../widgets/line.tsx"
import type { Column } from "../../widgets/table.tsx"

/** Uses of a code, and their limit; 0 for none. */
interface Used {
  readonly use_count: number
  readonly max_uses: number
}

/** Writes `3/10`, or `3` without a limit. */
export const usesText = (code: Used): Shown => shown`${grouped(code.use_count)}${limitText(code)}`

const limitText = ({ max_uses }: Used): Shown => (max_uses === 0 ? shown`` : shown`/${grouped(max_uses)}`)

/** Draws the used share of the limit; empty without one. */
export const usesBar = ({ max_uses, use_count }: Used, columns: number): Shown =>
  max_uses === 0 ? shown`` : bar(use_count / max_uses, columns, "░")

/** Columns of the count, of the limit after its slash, and of the bar, aligned over all rows. */
const COUNT = 5
const LIMIT = 4
const BAR = 6

/** Draws `    3/10  █▊░░░░`. Longer numbers leave the bar less room, or none. */
export const usesColumn: Column<Used> = {
  header: fit(shown`USES`, COUNT, "right"),
  width: COUNT + LIMIT + 1 + BAR,
  cell: (code, room): Piece => {
    const [count, limit] = [grouped(code.use_count), limitText(code)]
    const numbers = shown`${fit(count, Math.max(COUNT, width(count)), "right")}${fit(limit, Math.max(LIMIT, width(limit)))}`
    const left = room - width(numbers) - 1
    const text = left > 0 ? shown`${numbers} ${usesBar(code, Math.min(BAR, left))}` : usesText(code)
    return piece(text, isUsedUp(code) ? "look" : "plain")
  },
}
