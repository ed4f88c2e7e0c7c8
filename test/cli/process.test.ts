import { readFileSync } from "node:fs"
import { join } from "node:path"
import { describe, expect, test } from "vitest"
import { ACCESS_LOG } from "../../src/adapters/redis/keys.ts"
import { command } from "../support/command.ts"
import { freshDatabase } from "../support/postgres.ts"
import { opsdeck, temporaryDirectory } from "../support/program.ts"
import { platformOn } from "./platform.ts"

const platform = platformOn(freshDatabase())
const NOBODY = "0a11ce00-0000-4000-8000-00000000dead"

/** Every run has trace ids of its own. */
const traceless = (text: string) => text.replaceAll(/[0-9a-f]{32}/g, "TRACE")

describe("a process of its own says what the command says, and ends with its status", () => {
  test.each<[status: number, argv: string[], env?: Record<string, string | undefined>]>([
    [0, ["users", "list", "--json"]],
    [0, ["users", "list", "--limit", "1"]],
    [0, ["users", "--help"]],
    [0, ["doctor", "--grants"]],
    [2, ["log", "--limt", "3"]],
    [2, ["email", "set", "--smtp-port", "26"]],
    [3, ["log", "--json"], { OPSDECK_API_KEY: undefined }],
    [4, ["users", "show", NOBODY]],
    [5, ["repair", "--read-only", "--json"]],
    [6, ["users", "list"], { DATABASE_URL: "postgres://127.0.0.1:1/platform" }],
  ])("%i: %j", async (status, argv, more = {}) => {
    const env = { ...platform.env, ...more }
    const { stdout, stderr } = await command(argv, env)
    const outcome = await opsdeck(argv, env)
    expect({ ...outcome, stderr: traceless(outcome.stderr) }).toEqual({ status, stdout, stderr: traceless(stderr) })
  })
})

test("a mistake before any command is the console's to refuse", async () => {
  const { status, stdout, stderr } = await opsdeck(["--screeen", "log"], platform.env)
  expect({ status, stdout }).toEqual({ status: 2, stdout: "" })
  expect(stderr).toBe("opsdeck: unknown option --screeen; did you mean --screen?\n")
})

test("what libraries and Node print when variables ask for it reaches neither standard error nor the log file", async () => {
  const state = temporaryDirectory()
  await platform.api.xadd(ACCESS_LOG, "*", "path", "/")
  const withPassword = (url: string) => url.replace("redis://", "redis://:canary@")
  const { status, stderr } = await opsdeck(["log", "--json"], {
    ...platform.env,
    ...{ DEBUG: "*", NODE_DEBUG: "net,tls,stream", XDG_STATE_HOME: state },
    ...{ REDIS_URL: withPassword(platform.env.REDIS_URL), GATEWAY_REDIS_URL: withPassword(platform.env.REDIS_URL) },
  })
  expect({ status, stderr }).toEqual({ status: 0, stderr: "" })
  const log = readFileSync(join(state, "opsdeck/opsdeck.log"), "utf8")
  expect(log).toContain("does not require a password")
  expect(log).not.toMatch(/canary|ioredis:|NET \d+/)
})
