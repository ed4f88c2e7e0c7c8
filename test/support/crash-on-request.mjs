import { existsSync } from "node:fs"
import { isMainThread } from "node:worker_threads"

// Loaded into the program under test before its own code: a bug that shows itself, in the thread and in the way that the
// environment names, as soon as a file exists.
const { CRASH_IN, CRASH_BY = "throw", CRASH_WHEN = "" } = process.env

const ways = {
  throw: bug => {
    throw bug
  },
  rejection: bug => void Promise.reject(bug),
  /** Every drawing of the top line asks for this; whoever else asks, as the report does, gets it. */
  render: bug => {
    const { toISOString } = Date.prototype
    Date.prototype.toISOString = function () {
      if (new Error().stack?.includes("TopLine")) throw bug
      return toISOString.call(this)
    }
  },
}

if (CRASH_IN === (isMainThread ? "main" : "tail")) {
  const look = setInterval(() => {
    if (!existsSync(CRASH_WHEN)) return
    clearInterval(look)
    ways[CRASH_BY](new TypeError("\x1b]0;a bug\x07 in ak-0123456789abcdef"))
  }, 20)
}
