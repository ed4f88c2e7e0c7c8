import { expect, test } from "vitest"
import { command } from "../support/command.ts"
import { asSuperuser, eachGeneration } from "../support/postgres.ts"
import { platformOn } from "./platform.ts"

const ROWS = `
insert into users (username, last_login_at, deleted_at) values ('in', now(), null), ('gone', now(), now());
insert into runs (org_id, thread_id, created_at) select gen_random_uuid(), gen_random_uuid(), at
  from unnest(array[now(), now(), '2024-01-01T00:00:00Z']) at;
insert into usage_records (org_id, run_id, input_tokens, output_tokens, cost_usd) values
  (gen_random_uuid(), gen_random_uuid(), 9007199254740993, 12, 9007199254.00000001),
  (gen_random_uuid(), gen_random_uuid(), 9007199254740993, 30, 0.12345678);
`

eachGeneration(database => {
  const platform = platformOn(database)

  test("dashboard --json is the document of the golden file, a card says the same to people", async () => {
    const orgId = database.generation === "orgs" ? "org_id" : "account_id"
    await asSuperuser(ROWS.replaceAll(/org_id/gi, orgId), database.url)
    const { status, stdout, stderr } = await command(["dashboard", "--json"], platform.env)
    expect({ status, stderr }).toEqual({ status: 0, stderr: "" })
    await expect(stdout).toMatchFileSnapshot("golden/dashboard.json")
    await expect((await command(["dashboard"], platform.env)).stdout).toMatchFileSnapshot("golden/dashboard.txt")
  })

  test("people are told that no sign-in is recorded, programs get the number", async () => {
    await asSuperuser("update users set last_login_at = null", database.url)
    const { stdout } = await command(["dashboard"], platform.env)
    expect(stdout).toMatch(/^ACTIVE USERS 30D {5}not recorded by this platform$/m)
    const { stdout: json } = await command(["dashboard", "--json"], platform.env)
    expect(JSON.parse(json)).toMatchObject({ active_users_30d: 0 })
  })
})
