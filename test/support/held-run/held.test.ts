import { spawn } from "node:child_process"
import { test } from "vitest"
import { startRedisServer } from "../../../src/demo/redis-server.ts"

test("is never done", async () => {
  await startRedisServer()
  // Nothing that ends with its parent.
  spawn(process.execPath, ["-e", "setInterval(() => {}, 1000) // held"], { detached: true, stdio: "ignore" })
  await new Promise(() => {})
})
