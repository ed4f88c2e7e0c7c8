import type { Account, OpenedTree } from "../../../domain/referral.ts"
import { type Shown, shown, width } from "../../../domain/safe-text.ts"
import { failureLines, stalePieces } from "../../kit/failure-lines.ts"
import { grouped, timeOfDay } from "../../widgets/format.ts"
import { type Piece, piece, piecesWidth, spread } from "../../widgets/line.tsx"
import type { Tone } from "../../widgets/theme.ts"
import { accountName } from "../shared/account-cell.ts"
import { personState } from "../shared/states.ts"
import { atLeast } from "./tree-columns.ts"
import { ringOf } from "./tree-rows.ts"
import type { TreeModel } from "./use-tree.ts"

const TITLE = piece(shown` Tree of `, "dim")

type TreeReadState = Pick<TreeModel, "asOf" | "now" | "reading" | "failure">

/** Draws the lines above the tree: root and counts, its inviters, and the ring. */
export function headingLines({ tree, asOf, now, reading, failure }: TreeModel, columns: number): Piece[][] {
  if (tree === undefined) {
    const instead = failure ? failureLines(failure, columns - 2) : [[piece(shown`reading…`, "dim")]]
    return [[piece(shown` Referral tree`, "dim")], [], ...instead.map(line => [piece(shown` `), ...line])]
  }
  return [
    titlePieces(tree, { asOf, now, reading, failure }, columns),
    wayUpPieces(tree, columns),
    ...(tree.ring_size > 0 ? [ringPieces(tree, columns)] : []),
  ]
}

/** Draws root, counts and, where there is room, the age of the reading. */
function titlePieces(tree: OpenedTree, { asOf, now, reading, failure }: TreeReadState, columns: number): Piece[] {
  const { root } = tree
  const name = [TITLE, piece(accountName(root), "strong"), piece(shown`  `), personState(root.status)]
  if (failure && asOf !== null) return [...name, ...stalePieces(asOf, now, failure)]
  const left = [...name, ...countPieces(tree)]
  const right = piece(reading || asOf === null ? shown`reading… ` : shown`as of ${timeOfDay(asOf)} `, "dim")
  return piecesWidth([...left, right]) + 2 < columns ? spread(left, [right], columns) : left
}

/** Draws `   12 in all · 2 suspended · 1 deleted · 9 credited`, without zeros. */
function countPieces({ root: { branch } }: OpenedTree): Piece[] {
  const { size, suspended, deleted, credited, cut } = branch
  if (size === 1 && !cut) return [piece(shown`   invited nobody`, "dim")]
  const part = (count: number, what: Shown, tone: Tone): Piece[] =>
    count === 0 ? [] : [piece(shown` · ${atLeast(count, cut)} ${what}`, tone)]
  return [
    piece(shown`   ${atLeast(size, cut)} in all`, "strong"),
    ...part(suspended, shown`suspended`, "look"),
    ...part(deleted, shown`deleted`, "dim"),
    ...part(credited, shown`credited`, "plain"),
  ]
}

const UP = piece(shown` invited by `, "dim")

/** Draws ` invited by bob < carol < dan`, the nearest first, as many as fit. */
function wayUpPieces(tree: OpenedTree, columns: number): Piece[] {
  const { above, above_count, above_cut, inviter_user_id, root, ring } = tree
  if (inviter_user_id === null) return [UP, piece(shown`nobody`, "dim")]
  if (ringOf(tree).length > 0) {
    const inviter = ring.find(member => member.user_id === inviter_user_id)
    const called = inviter_user_id === root.user_id ? shown`itself` : inviter ? accountName(inviter) : shown`its ring`
    return [UP, piece(called)]
  }
  const more = (named: number) => shown` < … ${atLeast(above_count - named, above_cut)} more above`
  return [UP, piece(joined(above, shown` < `, columns - width(UP[0]), above_count, more))]
}

/** Draws ` ▲ a ring of 4: a → b → c → d → a`, in the order of inviting. */
function ringPieces(tree: OpenedTree, columns: number): Piece[] {
  const { ring, ring_size } = tree
  const what = ringOf(tree).length > 0 ? shown`a ring` : shown`hangs below a ring`
  const head = shown` ▲ ${what} of ${grouped(ring_size)}: `
  const [first] = ring
  const back = first ? shown` → ${accountName(first)}` : shown``
  const more = (named: number) => shown` → … ${grouped(ring_size - named)} more`
  const members = joined(ring, shown` → `, columns - width(head) - width(back), ring_size, more)
  return [piece(shown`${head}${members}${back}`, "act")]
}

/** Joins as many names as fit in `room`, and `more` where they are not all of `count`. */
function joined(
  accounts: readonly Account[],
  between: Shown,
  room: number,
  count: number,
  more: (named: number) => Shown,
) {
  const names = accounts.map(accountName)
  for (let named = names.length; named > 1; named--) {
    const text = shown`${names.slice(0, named).join(between) as Shown}${named < count ? more(named) : shown``}`
    if (width(text) <= room) return text
  }
  return shown`${names[0] ?? shown``}${count > 1 ? more(1) : shown``}`
}
