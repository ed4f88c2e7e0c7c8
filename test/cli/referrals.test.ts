import { expect, test } from "vitest"
import { command } from "../support/command.ts"
import { asSuperuser, eachGeneration } from "../support/postgres.ts"
import { matchGoldens, platformOn } from "./platform.ts"

const account = (n: number) => `0a11ce00-0000-4000-8000-00000000000${n}`
const [ALICE, BOB, CAROL, DAN, EVE, ZOE] = [1, 2, 3, 4, 5, 6].map(account)
const CODE = "0c0de000-0000-4000-8000-000000000001"

/** Alice invites Bob and Eve, Bob Carol and Dan; Dan invites Alice, which makes a ring. Nobody invited Zoe, who invited nobody. */
const PEOPLE = `
insert into users (id, username, status, created_at, deleted_at) values
  ('${ALICE}', 'Alice', 'active', '2024-01-01T00:00:00.123456Z', null),
  ('${BOB}', E'\\u202Ebob\\x1b[31m', 'active', '2024-01-02T00:00:00Z', null),
  ('${CAROL}', 'carol', 'active', '2024-01-03T00:00:00Z', '2024-02-01T00:00:00Z'),
  ('${DAN}', '丹尼尔', 'suspended', '2024-01-04T00:00:00Z', null),
  ('${EVE}', 'eve', 'suspended', '2024-01-05T00:00:00Z', null),
  ('${ZOE}', 'zoe', 'active', '2024-01-06T00:00:00Z', null);
insert into user_credentials (user_id, login, password_hash) values ('${ALICE}', 'alice', 'x'), ('${EVE}', 'eve', 'x');
insert into referrals (id, inviter_user_id, invitee_user_id, invite_code_id, credited, created_at) values
  ('0efe0000-0000-4000-8000-000000000001', '${ALICE}', '${BOB}', '${CODE}', true, '2024-01-02T00:00:00.120450Z'),
  ('0efe0000-0000-4000-8000-000000000002', '${BOB}', '${CAROL}', '${CODE}', false, '2024-01-03T00:00:00Z'),
  ('0efe0000-0000-4000-8000-000000000003', '${BOB}', '${DAN}', '${CODE}', true, '2024-01-04T00:00:00Z'),
  ('0efe0000-0000-4000-8000-000000000004', '${ALICE}', '${EVE}', '${CODE}', true, '2024-01-05T00:00:00Z'),
  ('0efe0000-0000-4000-8000-000000000005', '${DAN}', '${ALICE}', '${CODE}', true, '2024-01-06T00:00:00Z');
`

eachGeneration(database => {
  const platform = platformOn(database)

  test("the answers about referrals are the documents of the golden files", async () => {
    await asSuperuser(PEOPLE, database.url)
    await matchGoldens(platform.env, {
      "referrals-list": ["referrals", "list", "--inviter", ALICE as string],
      "referrals-tree": ["referrals", "tree", ALICE as string],
    })
  })

  test("the list is all of it without an inviter, in pages", async () => {
    const page = async (...argv: string[]) =>
      JSON.parse((await command(["referrals", "list", "--json", "--limit", "3", ...argv], platform.env)).stdout)
    const first = await page()
    const second = await page("--cursor", first.next_cursor)
    expect([...first.data, ...second.data].map(({ id }) => id.at(-1))).toEqual(["5", "4", "3", "2", "1"])
    expect(second.next_cursor).toBeNull()
  })

  test("a tree goes as deep as asked for, and somebody alone is a tree", async () => {
    const ids = async (...argv: string[]) =>
      JSON.parse((await command(["referrals", "tree", "--json", ...argv], platform.env)).stdout).data.length
    expect(await ids(ALICE as string, "--depth", "1")).toBe(3)
    expect(await ids(ZOE as string, "--depth", "10")).toBe(1)
  })

  test("nobody's tree is status 4, and a mistake is status 2 and named", async () => {
    const run = (...argv: string[]) => command(["referrals", ...argv], platform.env)
    const missing = await run("tree", account(9))
    expect(missing).toMatchObject({ status: 4, stdout: "" })
    expect(missing.stderr).toContain(`there is no user with the id ${account(9)}`)
    for (const [name, ...argv] of [
      ["USER-ID", "tree", "alice"],
      ["USER-ID", "tree"],
      ["--depth", "tree", ALICE, "--depth", "11"],
      ["--depth", "tree", ALICE, "--depth", "0"],
      ["--depth", "tree", ALICE, "--depth", "1.5"],
      ["--inviter", "list", "--inviter", "alice"],
    ] as [string, ...string[]][]) {
      const bad = await run(...argv)
      expect({ argv, status: bad.status, stdout: bad.stdout }).toEqual({ argv, status: 2, stdout: "" })
      expect(bad.stderr).toContain(name)
    }
  })
})
