import { shown } from "../../domain/safe-text.ts"
import { type Piece, piece } from "./line.tsx"

/** Returns the first visible index of a list of `length`: `selected` is in the middle of `rows` if possible. */
export const topAround = (selected: number, length: number, rows: number): number =>
  Math.max(0, Math.min(selected - Math.floor(rows / 2), length - rows))

/** Returns the visible part of a list in `rows`, and the index of the selected item in it. */
export function inSight<Item>(
  items: readonly Item[],
  chosen: number,
  rows: number,
): (readonly [item: Item, isChosen: boolean])[] {
  const top = topAround(chosen, items.length, rows)
  return items.slice(top, top + rows).map((item, index) => [item, top + index === chosen] as const)
}

/** Draws the items in `rows` around the chosen one; where there are more than fit, the last row says where. */
export function listLines<Item>(
  items: readonly Item[],
  chosen: number,
  rows: number,
  draw: (item: Item, isChosen: boolean) => Piece[],
): Piece[][] {
  const drawn = (room: number) => inSight(items, chosen, room).map(([item, isChosen]) => draw(item, isChosen))
  if (items.length <= rows || rows < 2) return drawn(rows)
  const above = topAround(chosen, items.length, rows - 1)
  const below = items.length - above - (rows - 1)
  const hidden = [
    ...(above > 0 ? [shown`↑ ${above} more above`] : []),
    ...(below > 0 ? [shown`↓ ${below} more below`] : []),
  ]
  return [
    ...drawn(rows - 1),
    hidden.map((text, index) => piece(shown`${index > 0 ? shown`, ` : shown`  `}${text}`, "look")),
  ]
}
