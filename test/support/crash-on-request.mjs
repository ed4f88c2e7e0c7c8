import { existsSync } from "node:fs"
import { isMainThread } from "node:worker_threads"

// Loaded into the program under test before its own code: a bug that shows itself, in the thread that the environment
// names, as soon as a file exists.
const { CRASH_IN, CRASH_WHEN = "" } = process.env
if (CRASH_IN === (isMainThread ? "main" : "tail")) {
  const look = setInterval(() => {
    if (!existsSync(CRASH_WHEN)) return
    clearInterval(look)
    throw new TypeError("\x1b]0;a bug\x07 in ak-0123456789abcdef")
  }, 20)
}
