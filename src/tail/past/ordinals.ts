/** Ordinals of two windows of the past, and those of the live log, are so far apart that none has a row of the other's number. */
export const APART = 1e9

/** Whether an ordinal is of a window of the past: those of the live log are not comparable with it. */
export const isOfPast = (ordinal: number): boolean => ordinal < -APART / 2
