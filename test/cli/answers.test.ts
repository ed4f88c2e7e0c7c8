import { expect, test } from "vitest"
import { command } from "../support/command.ts"
import { asSuperuser, eachGeneration } from "../support/postgres.ts"
import { logRequests, platformOn } from "./platform.ts"

const ALICE = "0a11ce00-0000-4000-8000-000000000001"
const NOON = Date.parse("2026-11-22T12:00:00Z")

const PEOPLE = `
insert into users (id, username, email, status, locale, timezone, created_at, deleted_at, last_login_at) values
  ('${ALICE}', 'Alice Liddell', 'alice@golden.example', 'active', 'en-GB', 'Europe/London', '2024-01-01T00:00:00.123456Z', null, '2026-11-22T11:59:00.5Z'),
  ('0a11ce00-0000-4000-8000-000000000002', '王小明', 'ming@golden.example', 'suspended', null, null, '2024-01-01T00:00:00.12Z', null, null),
  ('0a11ce00-0000-4000-8000-000000000003', E'\\u202Eevil\\x1b[31m "name"', 'evil@golden.example', 'active', null, null, '2024-01-02T00:00:00Z', null, null),
  ('0a11ce00-0000-4000-8000-000000000004', 'gone', 'gone@golden.example', 'active', null, null, '2024-01-03T00:00:00Z', '2024-02-01T00:00:00Z', null);
insert into user_credentials (user_id, login, password_hash) values ('${ALICE}', 'alice', 'x');
`

const REQUESTS = [
  { path: "/bare" },
  {
    ts: "2026-11-22T12:00:00Z",
    trace_id: "4f3a",
    method: "POST",
    path: "/v1/threads",
    status: "503",
    duration_ms: "2004",
    client_ip: "203.0.113.7",
    country: "CN",
    city: "北京",
    user_agent: "curl/8 \u001b]52;c;aGk=\u0007\u202e",
    ua_type: "bot",
    risk_score: "85",
    identity_type: "jwt",
    org_id: "o1",
    user_id: ALICE,
  },
  { path: "", status: "abc", duration_ms: "1.5", account_id: "o2", user_id: "nobody" },
]

eachGeneration(database => {
  const platform = platformOn(database)

  test("log --json is the document of the golden file", async () => {
    await logRequests(platform.gateway, NOON, REQUESTS)
    await asSuperuser(PEOPLE, database.url)
    const { status, stdout, stderr } = await command(["log", "--json"], platform.env)
    expect({ status, stderr }).toEqual({ status: 0, stderr: "" })
    await expect(stdout).toMatchFileSnapshot("golden/log.json")
    expect(JSON.parse(stdout).data[1].user_agent).toBe(REQUESTS[1]?.user_agent)
  })

  test("log takes an expression, options, and pages without repeating an entry", async () => {
    const ids = async (...argv: string[]) => {
      const { stdout } = await command(["log", "--json", ...argv], platform.env)
      return JSON.parse(stdout).data.map((entry: { id: string }) => entry.id)
    }
    expect(await ids("status:5xx risk>=0.8")).toEqual([`${NOON + 1}-0`])
    expect(await ids("--", "-path:/v1")).toEqual([`${NOON + 2}-0`, `${NOON}-0`])
    expect(await ids("user:alice")).toEqual([`${NOON + 1}-0`])
    expect(await ids("--risk-min", "0.8", "--country", "cn")).toEqual([`${NOON + 1}-0`])
    expect(await ids("--limit", "1", "--before", `${NOON + 2}-0`)).toEqual([`${NOON + 1}-0`])
    expect(await ids("--since", "2026-11-22T12:00:00.002Z")).toEqual([`${NOON + 2}-0`])
  })

  test("log for people is a table that obeys nobody, and says how to go on", async () => {
    const { status, stdout, stderr } = await command(["log", "--limit", "2"], platform.env)
    expect(status).toBe(0)
    expect(stderr).toBe(`opsdeck: more with --before ${NOON + 1}-0\n`)
    await expect(stdout).toMatchFileSnapshot("golden/log.txt")
  })

  test.each(["identity:api_key", "org:0a11ce00-0000-4000-8000-000000000001"])(
    "log %s says that the log has few of them",
    async filter => {
      const { status, stderr } = await command(["log", filter], platform.env)
      expect({ status, stderr }).toEqual({
        status: 0,
        stderr: "opsdeck: most requests by API keys are logged as anonymous\n",
      })
      expect((await command(["log", filter, "--json"], platform.env)).stderr).toBe("")
      expect((await command(["log", `-${filter}`, "--limit", "1"], platform.env)).stderr).not.toContain("API keys")
    },
  )

  test("a program that reads the table gets every value whole", async () => {
    const path = `/v1/${"long/".repeat(40)}end`
    await logRequests(platform.gateway, NOON + 100, [{ path }])
    const { stdout } = await command(["log", "--limit", "1"], platform.env)
    expect(stdout).toContain(`${path} `)
  })

  test("users list --json is the document of the golden file", async () => {
    const { status, stdout, stderr } = await command(["users", "list", "--q", "@golden.", "--json"], platform.env)
    expect({ status, stderr }).toEqual({ status: 0, stderr: "" })
    await expect(stdout).toMatchFileSnapshot("golden/users-list.json")
  })

  test("users list for people is a table", async () => {
    const { stdout } = await command(["users", "list", "--q", "@golden."], platform.env)
    await expect(stdout).toMatchFileSnapshot("golden/users-list.txt")
  })

  test("users list pages by its cursor", async () => {
    const page = async (...argv: string[]) =>
      JSON.parse(
        (await command(["users", "list", "--q", "@golden.", "--json", "--limit", "2", ...argv], platform.env)).stdout,
      )
    const first = await page()
    const second = await page("--cursor", first.next_cursor)
    expect([...first.data, ...second.data].map(user => user.username)).toHaveLength(3)
    expect(second.next_cursor).toBeNull()
  })
})
