import { expect, test } from "vitest"
import { command } from "../support/command.ts"
import { asSuperuser, eachGeneration } from "../support/postgres.ts"
import { matchGoldens, platformOn } from "./platform.ts"

const ALICE = "0a11ce00-0000-4000-8000-000000000001"
const MING = "0a11ce00-0000-4000-8000-000000000002"
const ACME = "0ac3e000-0000-4000-8000-000000000001"
const RUN = "0de10000-0000-4000-8000-000000000001"
const TRACE = "0123456789abcdef0123456789abcdef"

const PEOPLE = `
insert into users (id, username, email, email_verified_at, locale, timezone, created_at) values
  ('${ALICE}', E'Alice \\u202E\\x1b[31m"Liddell"', 'alice@golden.example', '2024-01-02T00:00:00.000001Z', 'en-GB', 'Europe/London', '2024-01-01T00:00:00.123456Z'),
  ('${MING}', '王小明', null, null, null, null, '2024-01-01T00:00:00.12Z');
insert into user_credentials (user_id, login, password_hash) values ('${ALICE}', 'alice', 'x');
insert into runs (id, org_id, thread_id, parent_run_id, created_by_user_id, status, completed_at, duration_ms, total_input_tokens, total_output_tokens, total_cost_usd, model, persona_id, created_at) values
  ('${RUN}', '${ACME}', '0de10000-0000-4000-8000-0000000000ff', null, '${ALICE}', 'completed', '2026-03-01T12:00:02.5Z', 2345, 9223372036854775807, 9007199254740993, 123456789012.10000001, 'asked-for', 'pro', '2026-03-01T12:00:00.120450Z'),
  ('0de10000-0000-4000-8000-000000000002', '${ACME}', '0de10000-0000-4000-8000-0000000000ff', '${RUN}', null, 'running', null, null, null, null, null, null, null, '2026-03-01T12:00:00Z');
insert into run_events (run_id, seq, type, data_json, ts) values
  ('${RUN}', 1, 'run.route.selected', '{"model": "routed", "provider_kind": "anthropic", "credential_name": "main \\u001b", "persona_model": 7}', '2026-03-01T12:00:00.2Z'),
  ('${RUN}', 2, 'llm.request', '{"llm_call_id": "c1", "payload": {"messages": []}}', '2026-03-01T12:00:00.300001Z'),
  ('${RUN}', 3, 'tool.call', '{}', '2026-03-01T12:00:01Z'), ('${RUN}', 4, 'llm.request', '{}', '2026-03-01T12:00:02Z'),
  ('${RUN}', 5, 'run.provider_fallback', '{}', '2026-03-01T12:00:03Z');
insert into messages (id, org_id, thread_id, role, content, created_at) values
  ('0e550000-0000-4000-8000-000000000001', '${ACME}', '0de10000-0000-4000-8000-0000000000ff', 'user', E'hello\\n\\x1b[2Jthere', '2026-03-01T11:00:00Z');
insert into usage_records (org_id, run_id, input_tokens, cached_tokens) values ('${ACME}', '${RUN}', 4611686018427387903, 4611686018427387903);
insert into audit_logs (id, ts, actor_user_id, action, target_type, target_id, trace_id, metadata_json) values
  ('0a0d1700-0000-4000-8000-000000000001', '2026-03-01T12:00:00.120450Z', '${ALICE}', 'golden', 'user', '${MING}', '${TRACE}', '{"reason": "spam\\u202e", "old_status": "active", "new_status": "suspended"}'),
  ('0a0d1700-0000-4000-8000-000000000002', '2026-03-01T12:00:00Z', null, 'golden', null, null, '${TRACE}', '{}');
`
const orgsOf = (generation: string) => {
  const [orgs, memberships, orgId] =
    generation === "orgs" ? ["orgs", "org_memberships", "org_id"] : ["accounts", "account_memberships", "account_id"]
  return `
insert into ${orgs} (id, slug, name) values ('${ACME}', 'acme', 'Acme "& Co"');
insert into ${memberships} (${orgId}, user_id, role, created_at) values ('${ACME}', '${ALICE}', 'owner', '2024-01-03T00:00:00.5Z');
`
}

eachGeneration(database => {
  const platform = platformOn(database)
  const seed = async () => {
    const people =
      database.generation === "orgs"
        ? PEOPLE
        : PEOPLE.replaceAll("(id, org_id,", "(id, account_id,").replaceAll("(org_id,", "(account_id,")
    await asSuperuser(orgsOf(database.generation) + people, database.url)
  }

  test("the answers about people are the documents of the golden files", async () => {
    await seed()
    await matchGoldens(platform.env, {
      "users-show": ["users", "show", ALICE],
      "runs-list": ["runs", "list", "--org-id", ACME],
      "runs-sums": ["runs", "list", `org:${ACME}`, "since:2026-01-01", "--sort", "-total_cost_usd", "--sums"],
      "runs-show": ["runs", "show", RUN],
      "runs-events": ["runs", "events", RUN, "--limit", "3"],
      "runs-messages": ["runs", "messages", RUN],
      "audit-list": ["audit", "list", "--action", "golden"],
    })
  })

  test("what is not there is status 4, and what is no id is status 2, in words", async () => {
    for (const [words, name] of [
      ["users show", "ID"],
      ["runs show", "RUN-ID"],
    ] as const) {
      const missing = await command([...words.split(" "), "0a11ce00-0000-4000-8000-00000000dead"], platform.env)
      expect(missing).toMatchObject({ status: 4, stdout: "" })
      expect(missing.stderr).toMatch(
        /^opsdeck: there is no (user|run) with the id 0a11ce00-.*dead \(trace [0-9a-f]{32}\)\n$/,
      )
      const bad = await command([...words.split(" "), "alice"], platform.env)
      expect(bad).toMatchObject({ status: 2, stdout: "" })
      expect(bad.stderr).toContain(`opsdeck: ${name}: must be a UUID`)
    }
  })

  test("the events of a run that has ended are followed to the last, and that is done", async () => {
    const { status, stdout, stderr } = await command(["runs", "events", RUN, "--follow", "--json"], platform.env)
    expect({ status, stderr }).toEqual({ status: 0, stderr: "" })
    const events = stdout
      .trimEnd()
      .split("\n")
      .map(line => JSON.parse(line))
    expect(events.map(({ seq }) => seq)).toEqual([1, 2, 3, 4, 5])
    expect(events[1].data).toEqual({ llm_call_id: "c1", payload: { bytes: 16 } })
    const some = await command(["runs", "events", RUN, "--limit", "2"], platform.env)
    expect(some.stderr).toBe("opsdeck: more with --after 2\n")
  })

  test("prompts in events are there where they are asked for, and each reading is a row in the audit log", async () => {
    const read = async (...argv: string[]) => {
      const { stdout } = await command(["runs", "events", RUN, "--type", "llm.", "--json", ...argv], platform.env)
      return JSON.parse(stdout.split("\n")[0] ?? "")
    }
    expect((await read("--content", "--limit", "1")).data[0].data).toEqual({
      llm_call_id: "c1",
      payload: { messages: [] },
    })
    expect((await read("--content", "--follow")).data).toEqual({ llm_call_id: "c1", payload: { messages: [] } })
    const listed = await command(["audit", "list", "--action", "runs.messages_read", "--json"], platform.env)
    const rows = JSON.parse(listed.stdout).data as { target_id: string; metadata: object }[]
    expect(rows.filter(({ metadata }) => JSON.stringify(metadata) === '{"scope":"events"}')).toHaveLength(2)
    expect(rows.every(({ target_id }) => target_id === RUN)).toBe(true)
  })

  test("a run list is narrowed by options, and a mistake in one is named", async () => {
    const ids = async (...argv: string[]) =>
      JSON.parse((await command(["runs", "list", "--json", ...argv], platform.env)).stdout).data.length
    expect(await ids("--user-id", ALICE)).toBe(1)
    expect(await ids("--org-id", ACME, "--status", "running")).toBe(1)
    const bad = await command(["runs", "list", "--status", "complete"], platform.env)
    expect(bad).toMatchObject({ status: 2 })
    expect(bad.stderr).toContain("--status")
  })
})
