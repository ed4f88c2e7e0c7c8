import { isUsedUp } from "../../../domain/invite-code.ts"
import { fit, type Shown, shown, width } from "../../../domain/safe-text.ts"
import { bar } from "../../widgets/chart.ts"
import { grouped } from "../../widgets/format.ts"
import { type Piece, piece } from "../../widgets/line.tsx"
import type { Column } from "../../widgets/table.tsx"

/** How often a code of any kind was used, and may be; 0: no limit. */
interface Used {
  readonly use_count: number
  readonly max_uses: number
}

/** `3/10`; of a code without a limit `3`. */
export const usesText = (code: Used): Shown => shown`${grouped(code.use_count)}${limitText(code)}`

const limitText = ({ max_uses }: Used): Shown => (max_uses === 0 ? shown`` : shown`/${grouped(max_uses)}`)

/** How much of the limit is used, in so many columns; nothing where there is none. */
export const usesBar = ({ max_uses, use_count }: Used, columns: number): Shown =>
  max_uses === 0 ? shown`` : bar(use_count / max_uses, columns, "░")

/** Columns of the uses, of the limit behind its slash, and of the bar: each stands below that of the row above. */
const COUNT = 5
const LIMIT = 4
const BAR = 6

/** `    3/10  █▊░░░░`. Longer numbers leave the bar less room, or none. */
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
