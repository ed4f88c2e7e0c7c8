/** How often the size is looked at; a resize that is told of is seen at once. */
const LOOK_MS = 1000

/** Node asks the terminal for its size when it is told of a resize alone; the handle asks each time. */
interface Sized {
  readonly columns: number
  readonly rows: number
  readonly _handle?: { getWindowSize?(size: number[]): number }
}

/**
 * Looks whether the terminal was resized, and tells as the signal would: a session without a controlling terminal, as `su -c`
 * makes one, gets none. Returns a function that ends it.
 */
export function watchSize(stdout: Sized): () => void {
  const look = () => {
    const size = [stdout.columns, stdout.rows]
    const failed = stdout._handle?.getWindowSize?.(size) ?? 0
    if (failed === 0 && (size[0] !== stdout.columns || size[1] !== stdout.rows)) process.emit("SIGWINCH", "SIGWINCH")
  }
  const timer = setInterval(look, LOOK_MS).unref()
  return () => clearInterval(timer)
}
