import { chmodSync, mkdirSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { describe, expect, onTestFinished, test, vi } from "vitest"
import type { Config } from "../../src/config.ts"
import { type Finding, ok } from "../../src/domain/check.ts"
import { examine } from "../../src/services/doctor/check.ts"
import { fileChecks } from "../../src/services/doctor/file-checks.ts"
import { clockSkew, latency, versionOf } from "../../src/services/doctor/measures.ts"
import { operatorCheck } from "../../src/services/doctor/operator-check.ts"
import { apiRedis } from "../../src/services/doctor/redis-checks.ts"
import { terminalChecks } from "../../src/services/doctor/terminal-checks.ts"
import type { ExaminationContext, Host } from "../../src/services/operation.ts"
import { temporaryDirectory } from "../support/program.ts"

const namely = (checks: typeof fileChecks, name: string, context: object) =>
  checks.find(check => check.name === name)?.look(context as ExaminationContext)

describe("of a terminal", () => {
  const look = (name: string, terminal: Partial<Host["terminal"]>, env: Host["env"] = {}) =>
    namely(terminalChecks, name, {
      host: { env, terminal: { columns: 80, rows: 24, colourBits: 8, ...terminal } },
    })

  test.each([
    ["size", { columns: 80, rows: 24 }, {}, "ok", "80x24"],
    ["size", { columns: 79, rows: 24 }, {}, "warning", "79x24: little room"],
    ["size", { columns: 59, rows: 24 }, {}, "warning", "59x24: too small for the console"],
    ["locale", {}, { LANG: "en_GB.UTF-8" }, "ok", "en_GB.UTF-8"],
    ["locale", {}, { LANG: "en_GB.UTF-8", LC_ALL: "C" }, "warning", "C: no UTF-8, so lines and names may be garbled"],
    ["locale", {}, {}, "warning", "none: no UTF-8, so lines and names may be garbled"],
    ["colours", { colourBits: 24 }, {}, "ok", "16 million"],
    ["colours", { colourBits: 1 }, {}, "warning", "none"],
    ["colours", { colourBits: 1 }, { NO_COLOR: "1" }, "ok", "none, because NO_COLOR is set"],
    ["copying", {}, { TERM: "xterm-kitty" }, "ok", "kitty supports OSC 52"],
    ["copying", {}, { VTE_VERSION: "7200" }, "warning", "a VTE terminal does not support OSC 52"],
    [
      "copying",
      {},
      { TMUX: "/tmp/tmux", TERM: "screen" },
      "ok",
      "through tmux, if configured with: set -g set-clipboard on",
    ],
    ["copying", {}, { TERM: "xterm" }, "ok", expect.stringMatching(/^unknown/)],
  ])("%s %j %j is %s", (name, terminal, env, state, says) => {
    expect(look(name, terminal, env)).toMatchObject({ state, says })
  })

  test("nothing is said where there is none", () => {
    expect(namely(terminalChecks, "size", { host: { env: {}, terminal: undefined } })).toMatchObject({
      state: "skipped",
    })
  })
})

describe("of files", () => {
  function look(name: string, mode: number | undefined) {
    const directory = temporaryDirectory()
    mkdirSync(join(directory, "opsdeck"))
    const path = join(directory, "opsdeck/config.json")
    if (mode !== undefined) {
      writeFileSync(path, "{}")
      chmodSync(path, mode)
    }
    const host: Host = { env: { XDG_CONFIG_HOME: directory }, terminal: undefined }
    const config = { apiKeyFile: path, logFile: path, historyFile: path } as Config
    const finding = namely(fileChecks, name, { host, config }) as { state: string; says: string; remedy: string[] }
    return {
      ...finding,
      says: finding.says.replace(path, "F"),
      remedy: finding.remedy.map(one => one.replace(path, "F")),
    }
  }

  test.each([
    ["configuration", 0o644, "ok", "F, mode 0644", []],
    ["configuration", 0o664, "failure", "others can write F", ["chmod go-w F"]],
    ["configuration", undefined, "ok", "no F", []],
    ["key", 0o600, "ok", "F, mode 0600", []],
    ["key", 0o640, "warning", "others can access F", ["chmod 600 F"]],
    ["log", 0o604, "warning", "others can access F", ["chmod 600 F"]],
    ["history", 0o604, "warning", "others can access F", ["chmod 600 F"]],
  ])("the %s of mode %o is %s", (name, mode, state, says, remedy) => {
    expect(look(name, mode)).toEqual({ state, says, remedy })
  })
})

test.each([
  ["redis://127.0.0.1:1", "ok"],
  ["redis://[::1]:1", "ok"],
  ["redis://10.0.0.1", "warning"],
  ["rediss://10.0.0.1", "ok"],
])("TLS to %s is %s", (url, state) => {
  expect(namely(apiRedis.all, "TLS", { redis: { options: { api: { url } } } })).toMatchObject({ state })
})

test.each([
  [0, "ok", /^this host is 0\.0 s /],
  [-1_900, "ok", /^this host is 1\.9 s behind$/],
  [61_000, "warning", /^this host is 61\.0 s ahead$/],
])("a clock that differs by %d ms is %s", async (skew, state, says) => {
  expect(await clockSkew(async () => Date.now() - skew)).toMatchObject({ state, says: expect.stringMatching(says) })
})

test("an operator who was refused before waits longer than other checks do, and is looked up all the same", async () => {
  vi.useFakeTimers()
  onTestFinished(() => void vi.useRealTimers())
  const { area, name, withinMs } = operatorCheck
  const look = () => new Promise<Finding>(resolve => setTimeout(() => resolve(ok("late")), 10_000))
  const context = { signal: new AbortController().signal } as ExaminationContext
  const found = examine(
    [
      { area, name, withinMs, look },
      { area, name: "other", look },
    ],
    context,
  )
  await vi.advanceTimersByTimeAsync(10_000)
  expect(await found).toMatchObject([{ state: "ok" }, { state: "failure" }])
})

test("the latency is the median, so that one slow answer says nothing", async () => {
  const times = [900, 1.23, 1, 2, 1]
  expect(await latency("db:5432", async () => times.shift() as number)).toMatchObject({
    state: "ok",
    says: "db:5432 answers in 1.2 ms",
  })
  expect(await latency("db:5432", async () => 250)).toMatchObject({ state: "warning" })
})

test.each([
  ["18.4", [18, 4]],
  ["12.22 (Debian 12.22-1)", [12, 22]],
  ["7.0.15", [7, 0]],
])("the version %s is read", (text, version) => expect(versionOf(text)).toEqual(version))
