import { execFileSync } from "node:child_process"
import { resolve } from "node:path"
import { buildIsFresh } from "../../scripts/freshness.mjs"

const root = resolve(import.meta.dirname, "../..")

/** As a global setup of vitest: builds dist/, which the tests of the built program run, where it is not fresh. */
export default function buildOnce(): void {
  if (!buildIsFresh(root)) execFileSync(process.execPath, ["scripts/build.mjs"], { cwd: root, stdio: "inherit" })
}
