import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs"
import { userInfo } from "node:os"
import { join } from "node:path"
import { expect, test } from "vitest"
import { StreamEntry } from "../../src/domain/stream-entry.ts"
import { toAccessLogEntry } from "../../src/domain/to-access-log-entry.ts"
import { request } from "../support/access-log.ts"
import { command } from "../support/command.ts"
import { addPerson } from "../support/people.ts"
import { asSuperuser, freshDatabase } from "../support/postgres.ts"
import { temporaryDirectory } from "../support/program.ts"
import { matchGoldens, platformOn } from "./platform.ts"

const database = freshDatabase()
const platform = platformOn(database)

/** A host with a history and its incidents, of which one was written down in November by hand. */
function host() {
  const root = temporaryDirectory()
  const incidents = join(root, "incidents/log")
  const env = { ...platform.env, OPSDECK_HISTORY: join(root, "log") }
  return { root, incidents, env, run: (...argv: string[]) => command(argv, env) }
}

const CAROL = "0ca70100-0000-4000-8000-000000000001"
const at = (second: number) => `2023-11-28T03:02:${second}Z`
const HOSTILE = { path: "/v1/a\u202e|b", status: "503", duration_ms: "2004", trace_id: "00384" }
const entry = toAccessLogEntry(StreamEntry.from("1701140550000-0", Object.entries(request({ ...HOSTILE, ts: at(30) }))))

const writeByHand = (incidents: string) => {
  const lines = [
    { at: at(10), kind: "start", text: "checkout fails\u202e" },
    { at: at(12), kind: "alert", rule: "error% > 5", is_on: true, figure: "31%", of: "" },
    { at: at(20), kind: "note", text: "since the *deployment*" },
    { at: at(30), kind: "entry", entry },
    { at: at(50), kind: "end" },
  ]
  mkdirSync(incidents, { recursive: true })
  const text = lines.map(line => `${JSON.stringify({ incident: "kibanu", by: "alice", ...line })}\n`).join("")
  writeFileSync(join(incidents, "ops.alice.1-0000.ndjson"), text)
}

test("incident list and show are the documents of the golden files; what operators changed is on the page", async () => {
  const { incidents, env, root, run } = host()
  writeByHand(incidents)
  await addPerson(database.postgres, { id: CAROL, username: "carol", role: "platform_admin" })
  await asSuperuser(
    `insert into audit_logs (id, action, ts, actor_user_id, target_type, target_id, trace_id, user_agent, metadata_json, after_state_json) values
       ('a0000000-0000-4000-8000-000000000001', 'gateway.hold', '${at(41)}', '${CAROL}', 'address', '203.0.113.7', 'x', 'opsdeck/1', '{"reason": "floods"}', null),
       ('a0000000-0000-4000-8000-000000000002', 'gateway.config_update', '${at(42)}', '${CAROL}', 'platform_setting', 'gateway', 'x', 'Mozilla', '{}', '{"ip_mode": "cdn"}'),
       ('a0000000-0000-4000-8000-000000000003', 'runs.create', '${at(43)}', null, 'run', 'x', 'x', 'Mozilla', '{}', null),
       ('a0000000-0000-4000-8000-000000000004', 'auth.login', '${at(44)}', '${CAROL}', 'user', '${CAROL}', 'x', 'opsdeck/1', '{"result": "succeeded"}', null),
       ('a0000000-0000-4000-8000-000000000005', 'users.update', '2023-11-28T03:03:00Z', '${CAROL}', 'user', '${CAROL}', 'x', 'opsdeck/1', '{}', null)`,
    database.url,
  )
  const golden = { "incident-list": ["incident", "list"], "incident-show": ["incident", "show", "kibanu"] }
  await matchGoldens({ ...env, HOME: root }, golden, text => text.replace(/person-[-0-9a-f]{36}/g, "carol"))

  const evidence = join(root, "evidence.ndjson")
  const page = await run("incident", "show", "kibanu", "--evidence", evidence)
  expect(page.stdout).toMatch(/^With all their fields: .*evidence\.ndjson\.$/m)
  expect(readFileSync(evidence, "utf8")).toBe(`${JSON.stringify(entry).replaceAll("\u202e", "\\u202e")}\n`)
  expect(statSync(evidence).mode & 0o777).toBe(0o600)
  expect(await run("incident", "show", "kibanu", "--evidence", evidence)).toMatchObject({ status: 5, stdout: "" })
})

test("incident start says whose it is; note, show and end take the open one, and read-only does not forbid them", async () => {
  const { run, incidents } = host()
  const begun = await run("incident", "start", "checkout", "fails", "--read-only")
  const [, id = ""] = /^incident (\w+): checkout fails\n/.exec(begun.stdout) ?? []
  expect(begun).toEqual({
    status: 0,
    stderr: "",
    stdout: `incident ${id}: checkout fails\nyours alone: the setting historyGroup shares incidents with a group of this host\n`,
  })
  const [file = ""] = readdirSync(incidents)
  expect(file).toContain(`.${userInfo().username}.`)
  expect([incidents, join(incidents, file)].map(path => statSync(path).mode & 0o7777)).toEqual([0o700, 0o600])
  expect(await run("incident", "note", "rolled back")).toMatchObject({ status: 0, stdout: `noted to incident ${id}\n` })
  const page = JSON.parse((await run("incident", "show", "--json")).stdout)
  expect(page.timeline.map(({ text }: { text: string }) => text)).toEqual(["checkout fails", "rolled back"])
  expect((await run("incident", "end")).stdout).toBe(
    `incident ${id} ended; opsdeck incident show ${id} prints its page\n`,
  )
  expect(await run("incident", "end")).toEqual({
    ...{ status: 4, stdout: "" },
    stderr: expect.stringMatching(/^opsdeck: no incident is open: incident start TEXT begins one \(trace/),
  })
})

test("with historyGroup everything is the group's, and start says so; a group that there is not is refused", async () => {
  const { root, run: _, incidents, env } = host()
  const group = readFileSync("/etc/group", "utf8")
    .split("\n")
    .map(line => line.split(":"))
    .find(([, , id]) => Number(id) === process.getgid?.())
  const name = group?.[0] ?? ""
  mkdirSync(join(root, "config/opsdeck"), { recursive: true })
  const configure = (historyGroup: string) =>
    writeFileSync(
      join(root, "config/opsdeck/config.json"),
      JSON.stringify({ defaultProfile: "ops", profiles: { ops: { historyGroup } } }),
      { mode: 0o600 },
    )
  const run = (...argv: string[]) => command(argv, { ...env, XDG_CONFIG_HOME: join(root, "config") })
  configure("no-such-group")
  expect((await run("incident", "start", "x")).stderr).toMatch(
    "historyGroup: there is no group no-such-group on this host",
  )
  configure(name)
  expect((await run("incident", "start", "x")).stdout).toContain(`shared with the group ${name} on this host\n`)
  const [file = ""] = readdirSync(incidents)
  expect([incidents, join(incidents, file)].map(path => statSync(path).mode & 0o7777)).toEqual([0o2770, 0o660])
})
