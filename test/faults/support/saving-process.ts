// A process that saves without end: node saving-process.ts DIRECTORY, exports and what the filter was given.
import { join } from "node:path"
import { writeNewFile } from "../../../src/adapters/new-file.ts"
import { InputHistory } from "../../../src/ui/runtime/input-history.ts"

const directory = process.argv[2] as string
const history = new InputHistory(join(directory, "history"))
const lines = Array.from({ length: 20_000 }, (_, n) => `line ${n}\n`)

process.send?.("ready")
for (let n = 0; ; n++) {
  const saved = writeNewFile(join(directory, `export-${process.pid}-${n}`), lines)
  for (let given = 0; given < 20; given++) history.add("filter", `path:/${process.pid}/${n}/${given}`)
  await saved
}
