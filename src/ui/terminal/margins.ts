/**
 * Asks whether the terminal has left and right margins (DECRQM of DECLRMM, the mode 69). Terminals that do not know the
 * question may show a `p` for it: it is asked at the first cell, which is blank in every frame, and is blanked again.
 */
export const MARGINS_QUESTION = "\x1b[H\x1b[?69$p\x1b[H "

/** Whether `reply` says that the terminal has margins that can be set: DECRPM with the mode set or reset. */
export const saysMargins = (reply: string): boolean => /^\x1b\[\?69;[12]\$y$/.test(reply)

/** Has what scrolls, and is inserted or deleted, keep to the first `columns`. */
export const leftMargin = (columns: number): string => `\x1b[?69h\x1b[1;${columns}s`
export const NO_MARGINS = "\x1b[?69l"
