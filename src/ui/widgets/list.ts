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
