import { randomUUID } from "node:crypto"
import { Redis } from "ioredis"
import { expect, onTestFinished, test } from "vitest"
import { tokenMarkKey } from "../../src/adapters/redis/keys.ts"
import { Gateway, newStream, numbered, request } from "../support/access-log.ts"
import { Operations } from "../support/console.ts"
import { addApiKey, addPerson } from "../support/people.ts"
import { asSuperuser, eachGeneration } from "../support/postgres.ts"

const gateway = Gateway.forTests()

eachGeneration(database => {
  const operations = new Operations(database, gateway)
  const rows = (query: string) => asSuperuser(query, database.url)

  test("from a suspicious line to the person, to their suspension, and to what the audit trail says of it", async () => {
    const mallory = await addPerson(database.postgres, { username: "Mallory Quick" })
    await addApiKey(database.postgres, mallory, { scopes: ["runs.write"] })
    await rows(`insert into invite_codes (user_id, code, max_uses) values ('${mallory.id}', 'MALLORY1', 10);
      insert into refresh_tokens (user_id, token_hash, expires_at) values ('${mallory.id}', 'x', now() + interval '1 day')`)
    const stream = newStream()
    const suspicious = request({ user_id: mallory.id, path: "/v1/auth/login", status: "429", risk_score: "85" })
    await gateway.add(stream, [...numbered(20), suspicious, ...numbered(3, 21)])

    const terminal = operations.open(stream, { columns: 120, rows: 40 })
    await terminal.see("● live", "Mallory Quick")
    terminal.press(..."kkk")
    await terminal.wait(() => terminal.selected?.includes("/v1/auth/login") ?? false, "the line is not selected")
    const line = terminal.selected

    terminal.press("u")
    await terminal.see(`User  ${mallory.login}  active`, "MALLORY1", "Newest requests", "/v1/auth/login", "nothing yet")
    terminal.press("w")
    await terminal.see(`/ user:${mallory.id}`, "1 of 24 match")
    terminal.press("esc")
    await terminal.see(`User  ${mallory.login}  active`)

    terminal.press("S")
    await terminal.see(
      `Suspend ${mallory.login}`,
      "all sessions revoked",
      "1 API key keeps working: the platform does not stop it",
      "1 invite code is switched off; activating the user again does not restore it",
    )
    terminal.type("credential stuffing from 203.0.113.7")
    terminal.press("tab", "tab")
    await terminal.see("[ Suspend ]")
    terminal.press("enter")
    await terminal.see(
      `User  ${mallory.login}  suspended`,
      "✓ status  ✓ sessions (PostgreSQL)  ✓ sessions (Redis)  ✓ 1 code off",
      "✓ audit",
      "users.status_changed",
    )

    terminal.press("esc")
    await terminal.see("paused")
    await terminal.wait(() => terminal.selected === line, "the line is not selected any more")
    terminal.press("0")
    await terminal.see("users.status_changed", "credential stuffing")
    terminal.press("enter")
    await terminal.see("credential stuffing from 203.0.113.7", /status +active +suspended/, "Mallory Quick")

    const [user] = await rows(`select status, tokens_invalid_before::text as before,
      (extract(epoch from tokens_invalid_before) * 1000000)::bigint::text as micros from users where id = '${mallory.id}'`)
    expect(user?.status).toBe("suspended")
    const redis = new Redis(`${gateway.server.url}/0`)
    onTestFinished(() => redis.disconnect())
    expect(await redis.get(tokenMarkKey(mallory.id))).toBe(user?.micros)
    const audit = await rows(`select metadata_json ->> 'reason' as reason, actor_user_id::text as actor from audit_logs
      where target_id = '${mallory.id}' and action = 'users.status_changed'`)
    expect(audit).toEqual([{ reason: "credential stuffing from 203.0.113.7", actor: operations.administrator.id }])
  })

  test("an API key's request leads to its organization, and from there to people and runs", async () => {
    const owner = await addPerson(database.postgres, { username: "Owner of the key" })
    await rows(`insert into runs (${database.generation === "orgs" ? "org_id" : "account_id"}, thread_id, created_by_user_id, status, model)
      values ('${owner.orgId}', '${randomUUID()}', '${owner.id}', 'failed', 'model-of-the-run')`)
    const stream = newStream()
    await gateway.add(stream, [
      ...numbered(2),
      request({ org_id: owner.orgId, identity_type: "api_key", path: "/v1/runs" }),
    ])
    const terminal = operations.open(stream, { columns: 120, rows: 40 })
    await terminal.see("● live", "/v1/runs")
    terminal.press("u")
    await terminal.see("Organization", owner.login, "model-of-the-run")
    terminal.press("G", "k", "enter")
    await terminal.see("Run  ", "model-of-the-run", /fallbacks +0/)
    terminal.press("esc")
    await terminal.see("Organization", "Newest runs")
    terminal.press("esc")
    await terminal.see("● live", "/v1/runs")
    terminal.press("k", "u")
    await terminal.see("nobody was signed in")
  })
})
