import { spawnSync } from "node:child_process"
import { join } from "node:path"
import { expect, test } from "vitest"

test("the benches load outside of the tests, whose helpers they share", () => {
  const root = join(import.meta.dirname, "../..")
  const { status, stderr } = spawnSync(process.execPath, ["bench/run.ts", "nothing"], { cwd: root, encoding: "utf8" })
  expect(stderr).toMatch(/^bench: no part nothing; there are filter, /)
  expect(status).toBe(2)
})
