import { fork } from "node:child_process"
import { once } from "node:events"
import { chmodSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { setTimeout as delay } from "node:timers/promises"
import { expect } from "vitest"
import { GATEWAY_CONFIG } from "../../src/adapters/redis/keys.ts"
import { Gateway, newStream, numbered } from "../support/access-log.ts"
import { Operations } from "../support/console.ts"
import { asSuperuser, freshDatabase } from "../support/postgres.ts"
import { opsdeck, root, startOpsdeck, temporaryDirectory } from "../support/program.ts"
import { Terminal } from "../support/terminal.ts"
import { scenario } from "./support/scenario.ts"
import { sized } from "./support/size.ts"

const KILLS = sized({
  short: { exports: 5, consoles: 1, changes: 5 },
  full: { exports: 60, consoles: 8, changes: 40 },
})
const gateway = Gateway.forTests()
const database = freshDatabase()
const operations = new Operations(database, gateway)
const ENTRIES = 5_000

scenario(
  {
    number: 24,
    title: "Killed while saving, disk full, secrets in sight",
    load: `kill -9 at random moments: ${KILLS.exports} times among exports and what fields remember, ${KILLS.consoles} times while the console saves ${ENTRIES} entries, ${KILLS.changes} times during gateway set; a file system of 64 kB; secrets that others can read`,
    passes: "the old file or the new one, whole; refused with the remedy",
    inSubset: false,
  },
  async measure => {
    const files = await killWhileExporting()
    measure("exports found, all whole", files.exports, "files", { atLeast: 1 })
    measure("half exports under their names", files.half, "files", { atMost: 0 })
    measure("lines remembered that are half", files.halfLines, "lines", { atMost: 0 })
    measure("files that others can read", files.readable, "files", { atMost: 0 })

    const saved = await killConsoles()
    measure("consoles killed while they save: the file is there, whole", saved, "times")
    const { changed, mixed } = await killChanges()
    measure("changes that stand, whole, with their audit row", changed, "times", { atLeast: 1 })
    measure("changes of which a part stands", mixed, "times", { atMost: 0 })

    measure("disk full: refused, nothing left", await fillDisk(), "times", { atLeast: 2 })
    measure("secrets in sight: refused until the remedy is taken", await showSecrets(), "times", { atLeast: 6 })
  },
)

async function killWhileExporting() {
  const directory = temporaryDirectory()
  const begun = new URL("support/saving-process.ts", import.meta.url)
  for (let n = 0; n < KILLS.exports; n++) {
    const child = fork(begun, [directory], { execArgv: [] })
    const ended = once(child, "exit")
    await once(child, "message")
    await delay(Math.random() * 120)
    child.kill("SIGKILL")
    await ended
  }
  const whole = Array.from({ length: 20_000 }, (_, n) => `line ${n}\n`).join("")
  const names = readdirSync(directory)
  const exports = names.filter(name => name.startsWith("export"))
  const half = exports.filter(name => readFileSync(join(directory, name), "utf8") !== whole)
  const lines = ["history", "history.1"].flatMap(name =>
    names.includes(name) ? readFileSync(join(directory, name), "utf8").trimEnd().split("\n") : [],
  )
  const readable = names.filter(name => name !== "history.lock" && statSync(join(directory, name)).mode & 0o077)
  return {
    exports: exports.length,
    half: half.length,
    halfLines: lines.filter(line => !/^\{"field":"filter","text":"path:[^"]+"\}$/.test(line)).length,
    readable: readable.length,
  }
}

/** Answers how often the file was there. */
async function killConsoles(): Promise<number> {
  const stream = newStream()
  for (let n = 0; n < ENTRIES; n += 1_000) await gateway.add(stream, numbered(1_000, n), n)
  const directory = temporaryDirectory()
  let saved = 0
  for (let n = 0; n < KILLS.consoles; n++) {
    const name = `log-${n}.ndjson`
    const terminal = operations.open(stream)
    await terminal.see("● live", "2 Dashboard", `/n/${ENTRIES - 1}`)
    await terminal.press("ctrl-s").see("Save the log")
    await terminal.press("ctrl-u").type(join(directory, name)).see(name)
    terminal.press("enter")
    await delay(Math.random() * 2_000)
    terminal.process.kill("SIGKILL")
    await terminal.exited
    if (!readdirSync(directory).includes(name)) continue
    saved++
    expect.soft(readFileSync(join(directory, name), "utf8").trimEnd().split("\n")).toHaveLength(ENTRIES)
  }
  return saved
}

const MODES = ["proxy", "cdn"]
const rows = (query: string) => asSuperuser(query, database.url)

/** Both settings go from one pair to the other and back: how often they did, and how often one alone. */
async function killChanges(): Promise<{ changed: number; mixed: number }> {
  const stream = newStream()
  // A Redis without the access log is none of the gateway's.
  await gateway.add(stream, numbered(1))
  const environment = operations.environment(stream)
  let mixed = 0
  let changed = 0
  let before = ""
  for (let n = 0; n < KILLS.changes; n++) {
    const pair = n % 2
    const change = ["--ip-mode", MODES[pair] as string, "--risk-reject-threshold", `0.${pair + 5}`]
    const setting = startOpsdeck(["gateway", "set", ...change, "--yes"], environment)
    await delay(150 + Math.random() * 850)
    setting.process.kill("SIGKILL")
    await setting.status
    const found = await rows("select key, value from platform_settings where key like 'gateway.%' order by key")
    const now = found.map(({ value }) => value).join(" ")
    if (now !== before) changed++
    if (!["", "trusted_proxy 50", "cloudflare 60"].includes(now)) mixed++
    before = now
  }
  const audited = await rows("select 1 from audit_logs where action = 'gateway.config_update'")
  expect.soft(audited, "an audit row each").toHaveLength(changed)
  expect.soft(await opsdeck(["repair"], environment)).toMatchObject({ status: 0 })
  const copy = JSON.parse((await gateway.writer.get(GATEWAY_CONFIG)) ?? "{}")
  expect.soft(`${copy.ip_mode} ${copy.risk_reject_threshold}`).toBe(before)
  return { changed, mixed }
}

/** A page of the file system, so that one more line needs another. */
const REMEMBERED = `${JSON.stringify({ field: "filter", text: "x".repeat(4096 - 29) })}\n`

/** A file system of the console's own, which ends with it: neither the export nor what the filter was given has room. */
async function fillDisk(): Promise<number> {
  const stream = newStream()
  await gateway.add(stream, numbered(1_000))
  const disk = temporaryDirectory()
  const mounted = 'mount -t tmpfs -o size=64k tmpfs "$0" && mkdir "$0/opsdeck" && exec "$@"'
  const program = [process.execPath, join(root, "bin/opsdeck.js")]
  const terminal = Terminal.run(["unshare", "--map-root-user", "--mount", "sh", "-c", mounted, disk, ...program], {
    ...operations.environment(stream),
    XDG_STATE_HOME: disk,
  })
  await terminal.see("● live", "2 Dashboard", "/n/999")
  const inside = `/proc/${terminal.process.pid}/root${disk}`
  const history = join(inside, "opsdeck/history")
  writeFileSync(history, REMEMBERED)
  await terminal.press("ctrl-s").see("Save the log")
  await terminal.press("ctrl-u").type(`${disk}/log.ndjson`).press("enter").see("the disk is full")
  await terminal.press("esc").seeNoMore("the disk is full")
  expect.soft(readdirSync(inside)).toEqual(["opsdeck"])
  expect(() => writeFileSync(join(inside, "filler"), Buffer.alloc(64 * 1024))).toThrow("ENOSPC")
  await terminal.press("/").type("path:/n/7").press("enter").see("path:/n/7")
  await terminal.see("● live")
  expect.soft(readFileSync(history, "utf8")).toBe(REMEMBERED)
  terminal.press("ctrl-c")
  expect.soft((await terminal.exited).exitCode).toBe(0)
  return 2
}

/** A configuration and a key file, each in three ways in sight of somebody else. */
async function showSecrets(): Promise<number> {
  const home = temporaryDirectory()
  mkdirSync(join(home, "opsdeck"))
  const { OPSDECK_API_KEY: apiKey, DATABASE_URL: databaseUrl, ...environment } = operations.environment(newStream())
  const config = join(home, "opsdeck/config.json")
  writeFileSync(config, JSON.stringify({ profiles: { here: { databaseUrl, apiKey } }, defaultProfile: "here" }))
  const key = join(home, "key")
  writeFileSync(key, apiKey)
  let refused = 0
  const tried = async (path: string, argv: readonly string[], env: Record<string, string>) => {
    for (const mode of [0o640, 0o604, 0o666]) {
      chmodSync(path, mode)
      const { status, stdout, stderr } = await opsdeck(["users", "list", ...argv], { ...environment, ...env })
      expect.soft({ status, stdout }).toEqual({ status: 2, stdout: "" })
      expect.soft(stderr).toContain(`run: chmod 600 ${path}\n`)
      refused++
    }
    chmodSync(path, 0o600)
    expect.soft(await opsdeck(["users", "list", ...argv], { ...environment, ...env })).toMatchObject({ status: 0 })
  }
  await tried(config, [], { XDG_CONFIG_HOME: home })
  await tried(key, ["--api-key-file", key], { DATABASE_URL: databaseUrl })
  return refused
}
