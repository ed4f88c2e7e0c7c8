/** What makes a terminal ring, or flash, as its owner has set it. */
export const BELL = "\x07"

/** Rings, by way of `stdout.write` like every frame, so that it never lands within one. */
export const ringBell = (stdout: Pick<NodeJS.WriteStream, "write"> = process.stdout): void => void stdout.write(BELL)
