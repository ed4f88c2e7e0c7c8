/** First visible index of a list of `length`, so that `selected` is in the middle of `rows` as far as possible. */
export const topAround = (selected: number, length: number, rows: number): number =>
  Math.max(0, Math.min(selected - Math.floor(rows / 2), length - rows))
