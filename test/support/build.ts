import { execFileSync } from "node:child_process"
import { readdirSync, statSync } from "node:fs"
import { join, resolve } from "node:path"

const root = resolve(import.meta.dirname, "../..")

/** Builds dist/ when it is missing or older than its sources: what the tests of the built program run. */
export function buildOnce(): void {
  const sources = [join(root, "package.json"), join(root, "scripts/build.mjs"), ...filesUnder(join(root, "src"))]
  const built = statSync(join(root, "dist/main.js"), { throwIfNoEntry: false })?.mtimeMs ?? 0
  if (sources.every(path => statSync(path).mtimeMs < built)) return
  execFileSync(process.execPath, ["scripts/build.mjs"], { cwd: root, stdio: "inherit" })
}

const filesUnder = (directory: string) =>
  readdirSync(directory, { recursive: true, withFileTypes: true })
    .filter(entry => entry.isFile())
    .map(entry => join(entry.parentPath, entry.name))

/** As a global setup of vitest. */
export default buildOnce
