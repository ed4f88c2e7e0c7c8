import { expect, test } from "vitest"
import { command } from "../support/command.ts"
import { asSuperuser, eachGeneration } from "../support/postgres.ts"
import { matchGoldens, platformOn } from "./platform.ts"

const ALICE = "0a11ce00-0000-4000-8000-000000000001"
const GONE = "0a11ce00-0000-4000-8000-000000000004"
const OPEN = "0c0de000-0000-4000-8000-000000000001"
const LIMITED = "0c0de000-0000-4000-8000-000000000002"

const CODES = `
insert into users (id, username, email, deleted_at) values
  ('${ALICE}', 'Alice', E'alice\\u202E@golden.example', null),
  ('${GONE}', 'gone', null, '2024-02-01T00:00:00Z');
insert into user_credentials (user_id, login, password_hash) values ('${ALICE}', 'alice', 'x');
insert into invite_codes (id, user_id, code, max_uses, use_count, is_active, created_at) values
  ('${OPEN}', '${ALICE}', 'GOLDEN-OPEN', 0, 3, true, '2026-03-01T12:00:00.120450Z'),
  ('${LIMITED}', '${ALICE}', E'golden \\x1b[31m', 10, 3, true, '2026-03-01T12:00:00Z'),
  ('0c0de000-0000-4000-8000-000000000003', '${GONE}', 'golden-off', 2, 2, false, '2026-02-01T12:00:00Z');
`

eachGeneration(database => {
  const platform = platformOn(database)
  const run = (...argv: string[]) => command(["invites", ...argv], platform.env)

  test("the answers about invite codes are the documents of the golden files", async () => {
    await asSuperuser(CODES, database.url)
    await matchGoldens(platform.env, {
      "invites-list": ["invites", "list", "--q", "golden"],
      "invites-show": ["invites", "show", OPEN],
      "invites-update": ["invites", "update", LIMITED, "--max-uses", "0", "--no-active"],
    })
  })

  test("invites update asks nothing, says what was done, and writes it down with its reason", async () => {
    const update = ["update", LIMITED, "--max-uses", "2", "--active"]
    const { status, stderr } = await run(...update, "--reason", "seen in the log")
    expect(status).toBe(0)
    expect(stderr).toMatch(/^opsdeck: limit of uses, switched on, audit [0-9a-f]{4}…\n$/)
    expect(await run(...update)).toMatchObject({ status: 0, stderr: "opsdeck: nothing to change\n" })
    const rows = await asSuperuser(
      `select action, target_type, metadata_json, before_state_json, after_state_json from audit_logs
       where target_id = '${LIMITED}' order by ts desc limit 1`,
      database.url,
    )
    expect(rows).toEqual([
      {
        action: "invite_codes.update",
        target_type: "invite_code",
        metadata_json: { reason: "seen in the log" },
        before_state_json: { max_uses: 0, is_active: false },
        after_state_json: { max_uses: 2, is_active: true },
      },
    ])
  })

  test("invites list pages by its cursor", async () => {
    const codes = async (...argv: string[]) => {
      const { stdout } = await run("list", "--q", "golden", "--limit", "2", "--json", ...argv)
      return JSON.parse(stdout) as { data: { code: string }[]; next_cursor: string }
    }
    const first = await codes()
    const second = await codes("--cursor", first.next_cursor)
    expect([...first.data, ...second.data].map(({ code }) => code)).toEqual([
      "GOLDEN-OPEN",
      "golden \u001b[31m",
      "golden-off",
    ])
    expect(second.next_cursor).toBeNull()
  })

  test.each([
    [2, "nothing named", ["update", OPEN], /nothing to change/],
    [
      2,
      "no whole number",
      ["update", OPEN, "--max-uses", "2.5"],
      /--max-uses: must be a whole number, 0 to 2147483647/,
    ],
    [2, "an empty number", ["update", OPEN, "--max-uses", ""], /--max-uses: must be a whole number/],
    [2, "less than none", ["update", OPEN, "--max-uses=-1"], /--max-uses: must be a whole number/],
    [2, "both", ["update", OPEN, "--is-active"], /unknown option --is-active/],
    [2, "no UUID", ["show", "GOLDEN-OPEN"], /ID: must be a UUID/],
    [2, "a damaged cursor", ["list", "--cursor", "x"], /--cursor: the cursor is damaged/],
    [4, "no such code", ["show", GONE], /there is no invite code with the id/],
    [4, "no such code to change", ["update", GONE, "--active"], /there is no invite code with the id/],
  ])("status %i: %s", async (status, _, argv, message) => {
    expect(await run(...argv)).toMatchObject({ status, stdout: "", stderr: expect.stringMatching(message) })
  })
})
