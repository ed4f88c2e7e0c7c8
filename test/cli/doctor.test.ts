import { describe, expect, test } from "vitest"
import { command } from "../support/command.ts"
import { addApiKey, addPerson } from "../support/people.ts"
import { eachGeneration } from "../support/postgres.ts"
import { logRequests, platformOn } from "./platform.ts"

describe("doctor --grants", () => {
  const env = { DATABASE_URL: "postgres://nobody@127.0.0.1:1/platform", REDIS_URL: "redis://127.0.0.1:1" }

  test("prints the rights for a generation that is named, without asking anybody", async () => {
    const { status, stdout, stderr } = await command(["doctor", "--grants", "--generation", "accounts"], env)
    expect({ status, stderr }).toEqual({ status: 0, stderr: "" })
    await expect(stdout).toMatchFileSnapshot("golden/doctor-grants.txt")
  })

  test("leaves out what users wrote, unless that is asked for", async () => {
    const asked = ["doctor", "--grants", "--generation", "accounts"]
    const lines = async (...more: string[]) => (await command([...asked, ...more], env)).stdout.split("\n")
    const without = await lines()
    const besides = (await lines("--with-messages")).filter(line => !without.includes(line))
    expect(besides).toEqual(
      ["opsdeck_reader", "opsdeck"].map(role =>
        expect.stringMatching(
          new RegExp(`^GRANT SELECT \\(id, thread_id, account_id, .*\\) ON "public".messages TO ${role};`),
        ),
      ),
    )
    expect(await command(["doctor", "--with-messages"], env)).toMatchObject({ status: 2 })
  })

  test("--json has a statement each", async () => {
    const { stdout } = await command(["doctor", "--grants", "--generation", "orgs", "--json", "--stream", "a*b"], env)
    const { data } = JSON.parse(stdout)
    expect(data[0]).toEqual({ purpose: "reading", store: "postgres", statement: "CREATE ROLE opsdeck_reader LOGIN;" })
    expect(data.at(-1)).toEqual({
      purpose: "recording",
      store: "redis",
      statement: expect.stringContaining(String.raw`resetchannels ~a\*b +select`),
    })
  })

  test("says how to go on where the generation cannot be looked up", async () => {
    const { status, stdout, stderr } = await command(["doctor", "--grants"], env)
    expect({ status, stdout }).toEqual({ status: 6, stdout: "" })
    expect(stderr).toBe(
      "opsdeck: PostgreSQL at 127.0.0.1:1 cannot be reached: connection refused: is it running, and is the port right?; if it is unreachable, use --generation orgs or --generation accounts\n",
    )
  })

  test("a generation alone is a mistake", async () => {
    const { status, stderr } = await command(["doctor", "--generation", "orgs"], env)
    expect({ status, stderr }).toEqual({ status: 2, stderr: "opsdeck: --generation: is for --grants alone\n" })
  })
})

eachGeneration(database => {
  const platform = platformOn(database)

  /** What differs from one run to the next. */
  const steady = (text: string) =>
    text
      .replaceAll(/127\.0\.0\.1:\d+ answers in [\d.]+ ms/g, "HOST answers in N ms")
      .replaceAll(/is [\d.]+ s (ahead|behind)/g, "is N s behind")
      .replace(/the newest .+ old/, "the newest N old")
      .replace(/person-\S+,/, "LOGIN,")
      .replace(database.generation, "GENERATION")
      .replaceAll(/\/\S+\/(?=opsdeck\/|\.pgpass)/g, "HOME/")
      .replace(/(version +)[\d.]+$/gm, "$1VERSION")

  test("doctor prints a line a check, and ends with 0 where nothing failed", async () => {
    await logRequests(platform.gateway, Date.parse("2026-01-01T00:00:00Z"), [{ path: "/" }, { path: "/" }])
    const { status, stdout, stderr } = await command(["doctor"], platform.env)
    expect({ status, stderr }).toEqual({ status: 0, stderr: "" })
    await expect(steady(stdout)).toMatchFileSnapshot("golden/doctor.txt")
  })

  test("doctor --json is a list of what was looked at", async () => {
    const { status, stdout } = await command(["doctor", "--json"], platform.env)
    const { data } = JSON.parse(stdout)
    expect(status).toBe(0)
    expect(data).toContainEqual({
      state: "ok",
      says: "all that are required",
      remedy: [],
      area: "postgres",
      name: "rights",
    })
  })

  test("ends with 6 for somebody who is no administrator, with all that can be told", async () => {
    const OPSDECK_API_KEY = await addApiKey(database.postgres, await addPerson(database.postgres))
    const { status, stdout, stderr } = await command(["doctor", "--json"], { ...platform.env, OPSDECK_API_KEY })
    expect(status).toBe(6)
    expect(JSON.parse(stdout).data).toContainEqual(expect.objectContaining({ area: "operator", state: "failure" }))
    expect(JSON.parse(stderr).error).toMatchObject({ code: "unavailable", message: "failed: Operator permission" })
  })

  test("ends with 6 for somebody who has no credentials, with the remedy", async () => {
    const { OPSDECK_API_KEY: _, ...env } = platform.env
    const { status, stdout, stderr } = await command(["doctor"], env)
    expect(status).toBe(6)
    expect(stdout).toMatch(/FAILURE +permission +not signed in: set OPSDECK_API_KEY/)
    expect(stderr).toBe("opsdeck: failed: Operator permission\n")
  })
})
