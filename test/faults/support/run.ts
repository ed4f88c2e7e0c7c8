// npm run test:faults [-- [--long] [NUMBER ...]]: the suite of faults, whole or the scenarios named; those of full size go into the report.
import { spawnSync } from "node:child_process"
import { readdirSync } from "node:fs"
import { join, resolve } from "node:path"
import { setTimeout as delay } from "node:timers/promises"
import { parseArgs } from "node:util"
import { processesIn } from "../../support/processes-in.ts"
import { openRunDirectory } from "../../support/run-directory.ts"
import { REPORT_VARIABLE } from "./report.ts"
import { SIZE_VARIABLE } from "./size.ts"

const ENDS_WITHIN_MS = 5_000
const root = resolve(import.meta.dirname, "../../..")
const { long, numbers } = wanted()

const directory = openRunDirectory()
const files = numbers.map(number => `test/faults/${number.padStart(2, "0")}-`)
const reporters = ["default", "./test/faults/support/report.ts", "./test/support/closing-line-reporter.ts"]
const { status } = spawnSync(
  process.execPath,
  [
    join(root, "node_modules/vitest/vitest.mjs"),
    "run",
    ...["--project", "faults"],
    ...reporters.map(reporter => `--reporter=${reporter}`),
    ...files,
  ],
  {
    cwd: root,
    stdio: "inherit",
    env: {
      ...process.env,
      [SIZE_VARIABLE]: long ? "long" : "full",
      ...(!long && { [REPORT_VARIABLE]: join(root, "test/faults/report.md") }),
    },
  },
)
const left = await leftBehind()
if (left.length > 0) console.error(`test:faults: left behind:\n${left.join("\n")}`)
process.exit(left.length > 0 ? 1 : (status ?? 1))

/** What is left in the directory of the run; vitest has a process that ends a moment after it. */
async function leftBehind(): Promise<readonly string[]> {
  for (const until = Date.now() + ENDS_WITHIN_MS; processesIn(directory).length > 0 && Date.now() < until; )
    await delay(50)
  return [...processesIn(directory).map(({ pid, command }) => `${pid} ${command}`), ...readdirSync(directory)]
}

/** What the command line asks for; ends with 2 where that is nothing there is. */
function wanted(): { long: boolean; numbers: readonly string[] } {
  try {
    const { values, positionals } = parseArgs({ allowPositionals: true, options: { long: { type: "boolean" } } })
    const strange = positionals.find(number => !/^\d\d?$/.test(number))
    if (strange !== undefined) throw new Error(`scenarios are named by their numbers, not ${strange}`)
    return { long: values.long === true, numbers: positionals }
  } catch (error) {
    console.error(`test:faults: ${(error as Error).message}`)
    process.exit(2)
  }
}
