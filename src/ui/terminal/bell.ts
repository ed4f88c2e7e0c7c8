/** BEL: the terminal rings or flashes, depending on its settings. */
export const BELL = "\x07"

/** Rings the bell, by way of the console's `stdout` like every frame, so that it never lands within one. */
export const ringBell = (stdout: Pick<NodeJS.WriteStream, "write">): void => void stdout.write(BELL)
