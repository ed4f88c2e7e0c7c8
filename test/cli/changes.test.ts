import { describe, expect, test } from "vitest"
import { tokenMarkKey } from "../../src/adapters/redis/keys.ts"
import { command } from "../support/command.ts"
import { addApiKey, addPerson, type Person } from "../support/people.ts"
import { asSuperuser, eachGeneration } from "../support/postgres.ts"
import { startOpsdeck } from "../support/program.ts"
import { until } from "../support/waiting.ts"
import { platformOn } from "./platform.ts"

const ALICE = "0a11ce00-0000-4000-8000-000000000001"

const SUSPENDABLE = `
insert into users (id, username, email, email_verified_at, locale, created_at) values
  ('${ALICE}', E'Alice\\u202e Liddell', 'alice@golden.example', '2024-01-02T00:00:00.5Z', 'en-GB', '2024-01-01T00:00:00.123456Z');
insert into user_credentials (user_id, login, password_hash) values ('${ALICE}', 'alice', 'x');
insert into invite_codes (user_id, code, max_uses) values ('${ALICE}', 'one', 1), ('${ALICE}', 'two', 1)`

const NO_REDIS = { REDIS_URL: "redis://127.0.0.1:1" }

eachGeneration(database => {
  const platform = platformOn(database)
  const run = (...argv: string[]) => command(argv, platform.env)
  const statusOf = async ({ id }: Pick<Person, "id">) =>
    (await asSuperuser(`select status from users where id = '${id}'`, database.url))[0]?.status

  test("users update --json is the document of the golden file, and nothing else", async () => {
    await asSuperuser(SUSPENDABLE, database.url)
    const update = ["users", "update", ALICE, "--status", "suspended", "--timezone", "europe/london", "--json", "--yes"]
    const { status, stdout, stderr } = await run(...update, "--reason", "seen in the log")
    expect({ status, stderr }).toEqual({ status: 0, stderr: "" })
    await expect(stdout).toMatchFileSnapshot("golden/users-update.json")
    const rows = await asSuperuser(
      `select action, metadata_json ->> 'reason' as reason from audit_logs where target_id = '${ALICE}' order by action`,
      database.url,
    )
    expect(rows).toEqual([
      { action: "users.status_changed", reason: "seen in the log" },
      { action: "users.update", reason: "seen in the log" },
    ])
  })

  test("users update for people is a card, with what was done on standard error", async () => {
    const { status, stdout, stderr } = await run("users", "update", ALICE, "--email", "", "--no-email-verified")
    expect(status).toBe(0)
    await expect(stdout).toMatchFileSnapshot("golden/users-update.txt")
    expect(stderr).toMatch(/^opsdeck: e-mail, verification, audit [0-9a-f]{4}…\n$/)
    const again = await run("users", "update", ALICE, "--email", "")
    expect(again).toMatchObject({ status: 0, stdout, stderr: "opsdeck: nothing to change\n" })
  })

  test("users delete prints nothing of an answer", async () => {
    const person = await addPerson(database.postgres)
    await addApiKey(database.postgres, person)
    const { status, stdout, stderr } = await run("users", "delete", person.id, "--revoke-keys", "--yes")
    expect({ status, stdout }).toEqual({ status: 0, stdout: "" })
    expect(stderr).toMatch(
      /^opsdeck: status, login person-\S+ free, sessions \(PostgreSQL\), .*, 1 key revoked, cached keys \(Redis\), audit/,
    )
    const other = await addPerson(database.postgres)
    expect(await run("users", "delete", other.id, "--yes", "--json")).toEqual({ status: 0, stdout: "", stderr: "" })
  })

  test("users end-access prints what it ended, and ends it for a deleted user", async () => {
    const person = await addPerson(database.postgres)
    await addApiKey(database.postgres, person)
    await asSuperuser(`update users set deleted_at = now() where id = '${person.id}'`, database.url)
    const refused = await run("users", "update", person.id, "--revoke-keys", "--yes")
    expect(refused).toMatchObject({
      status: 5,
      stderr: expect.stringContaining(`opsdeck users end-access ${person.id}`),
    })
    const listed = JSON.parse((await run("users", "list", "--status", "left-over", "--json")).stdout)
    expect(listed.data).toMatchObject([{ id: person.id, status: "deleted" }])
    const { status, stdout, stderr } = await run("users", "end-access", person.id, "--yes", "--json")
    expect({ status, stderr }).toEqual({ status: 0, stderr: "" })
    expect(JSON.parse(stdout)).toEqual({
      ...{ sessions: 0, keys: 1, invite_codes: 0 },
      ...{ automation: 0, scheduled_jobs: 0, channels: 0, heartbeats: 0 },
    })
  })

  describe("what asks first", () => {
    test.each([["update", "--status", "suspended"], ["update", "--revoke-keys"], ["delete"], ["end-access"]])(
      "users %s is refused where there is no terminal to ask on",
      async (verb, ...options) => {
        const person = await addPerson(database.postgres)
        await addApiKey(database.postgres, person)
        const { status, stdout, stderr } = await run("users", verb, person.id, ...options)
        expect({ status, stdout }).toEqual({ status: 2, stdout: "" })
        expect(stderr).toMatch(/use --yes/)
        expect(await statusOf(person)).toBe("active")
      },
    )

    test("says what would happen before it is refused, and one line of JSON to a program", async () => {
      const person = await addPerson(database.postgres)
      const suspend = ["users", "update", person.id, "--status", "suspended"]
      const { stderr } = await run(...suspend)
      expect(stderr.split("\n")).toEqual([
        `Suspend ${person.login} on local`,
        expect.stringContaining(`${person.login}@example.com`),
        "  - sign-in blocked; all sessions revoked",
        "opsdeck: this needs confirmation, and there is no terminal to ask on: use --yes",
        "",
      ])
      const refused = await run(...suspend, "--json")
      expect(refused.stderr).toMatch(/^[^\n]+\n$/)
      expect(JSON.parse(refused.stderr).error).toMatchObject({ code: "usage", field: "yes" })
    })

    test("is no edit and no activation", async () => {
      const person = await addPerson(database.postgres, { status: "suspended" })
      const { status } = await run("users", "update", person.id, "--status", "active", "--username", "Bob")
      expect(status).toBe(0)
      expect(await statusOf(person)).toBe("active")
    })
  })

  describe("a change that Redis did not take", () => {
    test("prints its answer, is status 6, and is put right by repair", async () => {
      const person = await addPerson(database.postgres, { username: "carol" })
      const suspend = ["users", "update", person.id, "--status", "suspended", "--yes", "--json"]
      const { status, stdout, stderr } = await command(suspend, { ...platform.env, ...NO_REDIS })
      expect(status).toBe(6)
      expect(JSON.parse(stdout)).toMatchObject({ id: person.id, status: "suspended" })
      const { error } = JSON.parse(stderr)
      expect(error).toMatchObject({ code: "not_in_force", trace_id: expect.stringMatching(/^[0-9a-f]{32}$/) })
      expect(error.message).toMatch(/not in force yet: sessions \(Redis\): Redis at 127.0.0.1:1 .*, or opsdeck repair$/)
      const audited = await asSuperuser(`select from audit_logs where trace_id = '${error.trace_id}'`, database.url)
      expect(audited).toHaveLength(1)

      const unable = await command(["repair", "--json"], { ...platform.env, ...NO_REDIS })
      expect(unable.status).toBe(6)
      const repaired = await run("repair", "--json")
      expect(repaired).toMatchObject({ status: 0, stderr: "" })
      expect(JSON.parse(repaired.stdout)).toEqual({ data: [{ what: "sessions of carol (Redis)", owed: null }] })
      expect(await run("repair", "--json")).toMatchObject({ status: 0, stdout: '{"data":[]}\n' })
      expect(await platform.api.exists(tokenMarkKey(person.id))).toBe(1)
    })

    test("is told again when the same is asked for again, until it is paid", async () => {
      const person = await addPerson(database.postgres, { username: "dora" })
      const suspend = ["users", "update", person.id, "--status", "suspended", "--yes"]
      expect(await command(suspend, { ...platform.env, ...NO_REDIS })).toMatchObject({ status: 6 })
      const unable = await command([...suspend, "--json"], { ...platform.env, ...NO_REDIS })
      expect(unable.status).toBe(6)
      expect(JSON.parse(unable.stdout)).toMatchObject({ id: person.id, status: "suspended" })
      expect(JSON.parse(unable.stderr).error).toMatchObject({
        code: "not_in_force",
        message: expect.stringMatching(
          /^Redis cannot tell whether writes are pending: sessions \(Redis\): .* run this again, or opsdeck/,
        ),
      })
      expect(await run(...suspend)).toMatchObject({ status: 0, stderr: "opsdeck: sessions of dora (Redis)\n" })
      expect(await platform.api.exists(tokenMarkKey(person.id))).toBe(1)
      expect(await run(...suspend)).toMatchObject({ status: 0, stderr: "opsdeck: nothing to change\n" })
    })

    test("is told once to people, by repair as well", async () => {
      const person = await addPerson(database.postgres, { username: "erin" })
      const suspend = ["users", "update", person.id, "--status", "suspended", "--yes"]
      expect(await command(suspend, { ...platform.env, ...NO_REDIS })).toMatchObject({ status: 6 })
      const unable = await command(["repair"], { ...platform.env, ...NO_REDIS })
      expect(unable).toMatchObject({ status: 6, stdout: "" })
      expect(unable.stderr.match(/cannot be reached/g)).toHaveLength(1)
      const told = "opsdeck: sessions of erin (Redis)\n"
      expect(await run("repair")).toEqual({ status: 0, stdout: "", stderr: told })
      expect(await run("repair")).toEqual({ status: 0, stdout: "", stderr: "opsdeck: nothing to change\n" })
    })

    test("is status 6 for those, too, who do not read the answer", async () => {
      const person = await addPerson(database.postgres)
      const suspend = ["users", "update", person.id, "--status", "suspended", "--yes"]
      const program = startOpsdeck(suspend, { ...platform.env, ...NO_REDIS })
      program.process.stdout.destroy()
      expect(await program.status).toBe(6)
      expect(await statusOf(person)).toBe("suspended")
    })
  })

  test("Ctrl-C does not hide what became of a change that was begun", async () => {
    const person = await addPerson(database.postgres)
    const update = ["users", "update", person.id, "--username", "late", "--json"]
    const program = await database.postgres.transaction(async tx => {
      await tx.selectFrom("users").select("id").where("id", "=", person.id).forUpdate().execute()
      const program = startOpsdeck(update, platform.env)
      const locked = "datname = current_database() and wait_event_type = 'Lock'"
      const waiting = () => asSuperuser(`select from pg_stat_activity where ${locked}`, database.url)
      await until(async () => (await waiting()).length > 0)
      program.process.kill("SIGINT")
      return program
    })
    expect(await program.status).toBe(0)
    expect(JSON.parse(program.lines[0] as string)).toMatchObject({ username: "late" })
  })

  test.each([
    [2, "nothing named", ["update", ALICE], /nothing to change/],
    [2, "no UUID", ["update", "alice", "--username", "x"], /ID: must be a UUID/],
    [2, "an unknown status", ["update", ALICE, "--status", "deleted"], /--status: must be one of active, suspended/],
    [2, "a locale that does not exist", ["update", ALICE, "--locale", "xx"], /--locale: must be the BCP 47 tag/],
    [2, "a time zone that does not exist", ["update", ALICE, "--timezone", "Mars/Base"], /--timezone: must be an IANA/],
    [4, "nobody", ["delete", "0a11ce00-0000-4000-8000-00000000ffff", "--yes"], /no user with the id/],
  ])("status %i: %s", async (status, _, argv, message) => {
    const outcome = await run("users", ...argv)
    expect(outcome).toMatchObject({ status, stdout: "", stderr: expect.stringMatching(message) })
  })

  test("status 5: what is taken, and what the rules forbid", async () => {
    const [bob, dan] = [
      await addPerson(database.postgres, { email: "bob@golden.example" }),
      await addPerson(database.postgres, { username: "system_agent" }),
    ]
    const taken = await run("users", "update", dan.id, "--email", "bob@golden.example", "--json")
    expect(taken).toMatchObject({ status: 5, stdout: "" })
    expect(JSON.parse(taken.stderr).error).toMatchObject({
      code: "conflict",
      field: "email",
      message: `--email: taken by ${bob.login} (active)`,
    })
    const forbidden = await run("users", "delete", dan.id, "--yes")
    expect(forbidden).toMatchObject({
      status: 5,
      stderr: expect.stringMatching(/system_agent .* \(trace [0-9a-f]{32}\)/),
    })
  })
})
