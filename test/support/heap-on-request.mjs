import { appendFileSync, existsSync } from "node:fs"
import { setFlagsFromString } from "node:v8"
import { runInNewContext } from "node:vm"
import { threadId } from "node:worker_threads"

// Loaded into the program under test before its own code: whenever the file `<HEAP_REPORT>.<n>` exists, for n = 1, 2, ...,
// each thread collects its garbage and appends to it how many bytes are left, a line a thread.
const { HEAP_REPORT = "" } = process.env
setFlagsFromString("--expose-gc")
const collect = runInNewContext("gc")
let asked = 1
const look = setInterval(() => {
  const file = `${HEAP_REPORT}.${asked}`
  if (!existsSync(file)) return
  asked++
  collect()
  const { heapUsed, arrayBuffers } = process.memoryUsage()
  appendFileSync(file, `${threadId} ${heapUsed + arrayBuffers}\n`)
}, 100)
look.unref()
