import { type ChildProcessByStdio, spawn } from "node:child_process"
import { once } from "node:events"
import { chmod, mkdtemp, readdir, readFile, rm } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import type { Readable } from "node:stream"
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest"
import { openPostgres } from "../../src/adapters/postgres/connection.ts"
import { openRedis } from "../../src/adapters/redis/connections.ts"
import { ACCESS_LOG } from "../../src/adapters/redis/keys.ts"

const STARTS_WITHIN = { timeout: 40_000, interval: 50 }
const ENDS_WITHIN = { timeout: 10_000, interval: 50 }

/** A temporary directory that the demo has for itself, so that whatever it leaves behind is seen. */
let temporary: string
let front: ChildProcessByStdio<null, Readable, Readable>
let output: string
let complaints: string

beforeEach(async () => {
  temporary = await mkdtemp(join(tmpdir(), "demo-"))
  // PostgreSQL runs as another user where this is root.
  await chmod(temporary, 0o755)
})

afterEach(async () => {
  front.kill("SIGKILL")
  await vi.waitFor(async () => expect(await remains()).toEqual([]), ENDS_WITHIN)
  await rm(temporary, { recursive: true })
})

function startDemo(...args: string[]) {
  output = ""
  complaints = ""
  front = spawn(process.execPath, ["bin/opsdeck.js", "demo", ...args], {
    env: { ...process.env, TMPDIR: temporary },
    stdio: ["ignore", "pipe", "pipe"],
  })
  front.stdout.setEncoding("utf8").on("data", text => {
    output += text
  })
  front.stderr.setEncoding("utf8").on("data", text => {
    complaints += text
  })
}

/** The variables that the demo says to export, once it has started. */
async function environment(): Promise<Record<string, string>> {
  await vi.waitFor(() => expect(output).toMatch(/^# /m), STARTS_WITHIN)
  return Object.fromEntries(Array.from(output.matchAll(/^export (\w+)='(.*)'$/gm), ([, name, value]) => [name, value]))
}

/** Directories of the demo, and (on Linux) processes that run with its temporary directory. */
async function remains(): Promise<string[]> {
  const directories = (await readdir(temporary)).filter(name => name.startsWith("opsdeck-"))
  return [...directories, ...(await processesOf(temporary))]
}

async function processesOf(directory: string): Promise<string[]> {
  const ids = (await readdir("/proc").catch(() => [])).filter(name => /^\d+$/.test(name))
  const environments = ids.map(async id => {
    const text = await readFile(`/proc/${id}/environ`, "latin1").catch(() => "")
    return text.includes(directory) ? [`process ${id}`] : []
  })
  return (await Promise.all(environments)).flat()
}

describe("opsdeck demo --servers-only", () => {
  test("offers a platform with people and live traffic", async () => {
    startDemo("--servers-only", "--rate", "300")
    const { DATABASE_URL = "", REDIS_URL = "", GATEWAY_REDIS_URL = "", OPSDECK_API_KEY } = await environment()
    expect(OPSDECK_API_KEY).toMatch(/^ak-[0-9a-f]{64}$/)

    const postgres = openPostgres({ url: DATABASE_URL })
    const users = await postgres.run(db => db.selectFrom("users").select("username").execute())
    await postgres.close()
    expect(users.length).toBeGreaterThan(300)

    const redis = openRedis({ api: { url: REDIS_URL }, gateway: { url: GATEWAY_REDIS_URL }, stream: ACCESS_LOG })
    const newest = () => redis.gateway.run(client => client.xrevrange(ACCESS_LOG, "+", "-", "COUNT", 1))
    expect(await redis.gateway.run(client => client.xlen(ACCESS_LOG))).toBeGreaterThan(5_000)
    const [[before]] = (await newest()) as [[string, string[]]]
    await vi.waitFor(async () => expect((await newest())[0]?.[0]).not.toBe(before))
    redis.close()
  })

  test.each(["SIGINT", "SIGHUP", "SIGTERM", "SIGKILL"] as const)("leaves nothing behind after %s", async signal => {
    startDemo("--servers-only")
    await environment()
    expect(await remains()).not.toEqual([])
    front.kill(signal)
    await once(front, "exit")
    await vi.waitFor(async () => expect(await remains()).toEqual([]), ENDS_WITHIN)
  })

  test.each(["SIGINT", "SIGKILL"] as const)("leaves nothing behind after %s while it is starting", async signal => {
    startDemo("--servers-only")
    await vi.waitFor(
      async () => expect(await readdir(temporary)).toContainEqual(expect.stringMatching(/^opsdeck-/)),
      STARTS_WITHIN,
    )
    front.kill(signal)
    await once(front, "exit")
    await vi.waitFor(async () => expect(await remains()).toEqual([]), ENDS_WITHIN)
    expect(output).toBe("")
  })
})

test("a demo without a terminal says what there is instead, and starts nothing", async () => {
  startDemo()
  const [status] = await once(front, "close")
  expect(status).toBe(2)
  expect(complaints).toMatch(/needs a terminal.*--servers-only/)
  expect(await remains()).toEqual([])
})

test("a rate that is none is refused", async () => {
  startDemo("--rate", "fast")
  const [status] = await once(front, "close")
  expect(status).toBe(2)
  expect(complaints).toMatch(/--rate must be a whole number/)
})
