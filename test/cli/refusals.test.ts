import { chmodSync, mkdirSync, readFileSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { describe, expect, test } from "vitest"
import { command } from "../support/command.ts"
import { addAdministrator, addApiKey, addPerson } from "../support/people.ts"
import { asSuperuser, freshDatabase } from "../support/postgres.ts"
import { opsdeck, temporaryDirectory } from "../support/program.ts"
import { platformOn } from "./platform.ts"

const database = freshDatabase()
const platform = platformOn(database)

describe("status 2: the command line is wrong", () => {
  test.each([
    [["usrs", "list"], "unknown command usrs list; did you mean users list?"],
    [["users"], "users is not a complete command; use users list, show, update, delete, or end-access"],
    [["users", "lst"], "unknown command users lst; did you mean users list?"],
    [["users", "ban"], "unknown command users ban; there is users list, show, update, delete, or end-access"],
    [["lgo"], "unknown command lgo; did you mean log?"],
    [["log", "--limt", "3"], "unknown option --limt; did you mean --limit?"],
    [["log", "--limit"], "--limit needs a value"],
    [["log", "--limit", "many"], "--limit: must be a whole number from 1 to 200"],
    [["log", "--limit", "201"], "--limit: must be 1 to 200"],
    [["log", "--risk-min", ""], "--risk-min: must be a number from 0 to 1"],
    [["log", "--limit", "0x10"], "--limit: must be a whole number from 1 to 200"],
    [["log", "--json=yes"], "--json takes no value"],
    [["runs", "list", "since:1d", "stauts:failed"], 'FILTER: no filter is called "stauts": did you mean status?'],
    [
      ["runs", "list", "--status", "failed", "status:running"],
      "FILTER: status is given twice, as failed and as running",
    ],
    [["whoami", "extra"], "unexpected argument extra; one with spaces needs quotes"],
    [
      ["users", "list", "--status", "actve"],
      "--status: must be one of active, suspended, deleted, left-over; did you mean active?",
    ],
  ])("%j", async (argv, message) => {
    const { status, stdout, stderr } = await command(argv, platform.env)
    expect({ status, stdout }).toEqual({ status: 2, stdout: "" })
    expect(stderr).toMatch(/^opsdeck: [^\n]+\n$/)
    expect(stderr).toContain(message)
  })

  test("a mistake in the expression names it", async () => {
    const { status, stderr } = await command(["log", "status:maybe"], platform.env)
    expect(status).toBe(2)
    expect(stderr).toMatch(/^opsdeck: FILTER: .*\n$/)
  })

  test("with --json, as one line of JSON", async () => {
    const { status, stdout, stderr } = await command(["log", "--json", "--limit", "0"], platform.env)
    expect({ status, stdout }).toEqual({ status: 2, stdout: "" })
    expect(stderr).toMatch(/^[^\n]+\n$/)
    expect(JSON.parse(stderr)).toEqual({
      error: { code: "invalid", message: "--limit: must be 1 to 200", field: "limit", trace_id: expect.any(String) },
    })
  })

  test("with --json, what fails before an operation begins has a trace id like any other", async () => {
    const { stderr } = await command(["log", "--json", "--limt", "3"], platform.env)
    expect(JSON.parse(stderr).error.trace_id).toMatch(/^[0-9a-f]{32}$/)
  })
})

describe("status 5: nothing may be changed", () => {
  /** A configuration file with the platform as its profile `prod-eu`. */
  function profile(): Record<string, string> {
    const home = temporaryDirectory()
    mkdirSync(join(home, "opsdeck"))
    const { DATABASE_URL: databaseUrl, REDIS_URL: redisUrl, OPSDECK_API_KEY } = platform.env
    const file = JSON.stringify({ profiles: { "prod-eu": { databaseUrl, redisUrl } } })
    writeFileSync(join(home, "opsdeck/config.json"), file, { mode: 0o600 })
    return { XDG_CONFIG_HOME: home, OPSDECK_API_KEY }
  }

  test("a profile called prod is read-only, says what would happen, and names the remedy, which works", async () => {
    const person = await addPerson(database.postgres)
    const argv = ["users", "update", person.id, "--status", "suspended", "--profile", "prod-eu"]
    const env = profile()
    const refused = await command(argv, env)
    expect({ ...refused, stderr: refused.stderr.split("\n").filter(line => !line.startsWith("  ")) }).toEqual({
      status: 5,
      stdout: "",
      stderr: [
        `Suspend ${person.login} on prod-eu`,
        expect.stringMatching(
          /^opsdeck: nothing was changed: the profile is read-only; override it with --no-read-only$/,
        ),
        "",
      ],
    })
    expect((await command([...argv, "--yes"], env)).status).toBe(5)
    expect((await command([...argv, "--yes", "--no-read-only"], env)).status).toBe(0)
    expect((await command(["users", "show", person.id, "--profile", "prod-eu"], env)).stdout).toContain("suspended")
  })

  test("--read-only refuses whatever the profile says, also what is no operation", async () => {
    const { status, stderr } = await command(["repair", "--read-only", "--json"], platform.env)
    expect(status).toBe(5)
    expect(JSON.parse(stderr).error).toMatchObject({
      code: "read_only",
      message: "nothing was changed: --read-only is set; remove it to make changes",
    })
    expect((await command(["migrate", "--read-only"], platform.env)).status).toBe(5)
  })
})

describe("status 2: the configuration is wrong", () => {
  test("a setting is missing", async () => {
    const { status, stderr } = await command(["log"], { DATABASE_URL: "postgres://localhost/x" })
    expect(status).toBe(2)
    expect(stderr).toMatch(/^opsdeck: REDIS_URL is missing: set REDIS_URL, or give --redis-url .*\n$/)
  })

  test("a profile with a secret can be read by others, until the remedy is taken", async () => {
    const config = temporaryDirectory()
    mkdirSync(join(config, "opsdeck"))
    const path = join(config, "opsdeck/config.json")
    const { DATABASE_URL: databaseUrl, REDIS_URL: redisUrl, OPSDECK_API_KEY: apiKey } = platform.env
    writeFileSync(path, JSON.stringify({ profiles: { test: { databaseUrl, redisUrl, apiKey } } }))
    chmodSync(path, 0o644)
    const run = () => command(["users", "list", "--profile", "test"], { XDG_CONFIG_HOME: config })
    expect(await run()).toMatchObject({ status: 2, stderr: expect.stringContaining(`run: chmod 600 ${path}\n`) })
    chmodSync(path, 0o600)
    expect(await run()).toMatchObject({ status: 0, stderr: "" })
    writeFileSync(path, "{")
    expect(await run()).toMatchObject({ status: 2, stderr: `opsdeck: ${path}: not valid JSON\n` })
  })
})

describe("status 3: not an operator", () => {
  const refused = "opsdeck: sign-in refused: wrong credentials, or not those of a platform administrator"

  test("nobody signs in, and there is no terminal to ask on", async () => {
    const { status, stderr } = await command(["log"], { ...platform.env, OPSDECK_API_KEY: undefined })
    expect(status).toBe(3)
    expect(stderr).toMatch(/^opsdeck: not signed in: set OPSDECK_API_KEY, .*\n$/)
  })

  test("an unknown key, an unknown login and a plain member get the same words", async () => {
    const member = await addPerson(database.postgres)
    const key = await addApiKey(database.postgres, member)
    const attempts = [
      command(["log"], { ...platform.env, OPSDECK_API_KEY: `ak-${"0".repeat(64)}` }),
      command(["log"], { ...platform.env, OPSDECK_API_KEY: key }),
      command(["log", "--login", "nobody"], { ...platform.env, OPSDECK_PASSWORD: "x" }),
      command(["log", "--login", member.login], { ...platform.env, OPSDECK_PASSWORD: member.password }),
    ]
    for (const { status, stdout, stderr } of await Promise.all(attempts)) {
      expect({ status, stdout }).toEqual({ status: 3, stdout: "" })
      expect(stderr).toMatch(new RegExp(`^${refused}( \\(trace [0-9a-f]{32}\\))?\\n$`))
    }
  })

  test("an administrator's login and password do", async () => {
    const { login, password } = await addAdministrator(database.postgres)
    const env = { ...platform.env, OPSDECK_PASSWORD: password }
    expect(await command(["users", "list", "--login", login], env)).toMatchObject({ status: 0, stderr: "" })
  })
})

describe("status 6: out of reach", () => {
  test("PostgreSQL", async () => {
    const env = { ...platform.env, DATABASE_URL: "postgres://someone:hunter2@127.0.0.1:1/platform" }
    const { status, stdout, stderr } = await command(["users", "list"], env)
    expect({ status, stdout }).toEqual({ status: 6, stdout: "" })
    expect(stderr).toMatch(/^opsdeck: .*127\.0\.0\.1:1.*\n$/)
    expect(stderr).not.toContain("hunter2")
  })

  test.each([["log"], ["log", "--follow"]])("Redis: %s %s", async (...argv) => {
    const env = { ...platform.env, GATEWAY_REDIS_URL: "redis://:hunter2@127.0.0.1:1/1" }
    const { status, stdout, stderr } = await command([...argv, "--json"], env)
    expect({ status, stdout }).toEqual({ status: 6, stdout: "" })
    expect(JSON.parse(stderr).error).toMatchObject({
      code: "unavailable",
      trace_id: expect.stringMatching(/^[0-9a-f]{32}$/),
    })
    expect(stderr).not.toContain("hunter2")
  })
})

describe("status 1: a fault of the program", () => {
  const damaged = freshDatabase()

  test("is found in the log file by the trace id that was printed", async () => {
    const key = await addApiKey(damaged.postgres, await addAdministrator(damaged.postgres))
    await asSuperuser(
      "alter table users drop column email cascade; alter table users add column email int",
      damaged.url,
    )
    const state = temporaryDirectory()
    const env = { ...platform.env, DATABASE_URL: damaged.url, OPSDECK_API_KEY: key, XDG_STATE_HOME: state }
    const { status, stdout, stderr } = await opsdeck(["users", "list", "--q", "a", "--json"], env)
    expect({ status, stdout }).toEqual({ status: 1, stdout: "" })
    const { code, message, trace_id } = JSON.parse(stderr).error
    const path = join(state, "opsdeck/opsdeck.log")
    expect({ code, message }).toEqual({ code: "internal", message: expect.stringContaining(path) })
    expect(readFileSync(path, "utf8")).toContain(trace_id)
  })
})
