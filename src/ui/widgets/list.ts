/** First visible index of a list of `length`, so that `selected` is in the middle of `rows` as far as possible. */
export const topAround = (selected: number, length: number, rows: number): number =>
  Math.max(0, Math.min(selected - Math.floor(rows / 2), length - rows))

/** The part of a list that is in sight in `rows`, and which of it is chosen, from 0. */
export function inSight<Item>(
  items: readonly Item[],
  chosen: number,
  rows: number,
): (readonly [item: Item, isChosen: boolean])[] {
  const top = topAround(chosen, items.length, rows)
  return items.slice(top, top + rows).map((item, index) => [item, top + index === chosen] as const)
}
