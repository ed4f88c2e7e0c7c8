/** What makes a terminal ring, or flash, as its owner has set it. */
export const BELL = "\x07"

/** Rings by way of the console's `stdout`, like every frame, so that it never lands within one. */
export const ringBell = (stdout: Pick<NodeJS.WriteStream, "write">): void => void stdout.write(BELL)
