/** Turns the alternate screen on, and off. */
export const ENTER_ALTERNATE = "\x1b[?1049h"
export const LEAVE_ALTERNATE = "\x1b[?1049l"

/**
 * Sequence that erases a screen of `rows` before it is left, for a terminal without an alternate screen: what was shown
 * would stay there. Row by row, since some terminals keep what is erased at once in their history.
 */
export const eraseRows = (rows: number): string =>
  `\x1b[m\x1b[r${Array.from({ length: rows }, (_, row) => `\x1b[${row + 1}H\x1b[2K`).join("")}\x1b[H`
