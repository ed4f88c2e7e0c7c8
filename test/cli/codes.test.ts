import { describe, expect, test } from "vitest"
import { CODE_PATTERN } from "../../src/domain/redemption-code.ts"
import { command } from "../support/command.ts"
import { asSuperuser, eachGeneration } from "../support/postgres.ts"
import { Terminal } from "../support/terminal.ts"
import { matchGoldens, platformOn } from "./platform.ts"

const MAKER = "0a11ce00-0000-4000-8000-000000000001"
const OPEN = "0c0de000-0000-4000-8000-000000000011"

const CODES = `
insert into redemption_codes (id, code, type, value, max_uses, use_count, expires_at, is_active, batch_id, created_by_user_id, created_at) values
  ('${OPEN}', 'GQLD-ENAB-CDEF-2345', 'credit', '500', 1, 0, '2100-03-01T12:00:00.5Z', true, 'golden', '${MAKER}', '2026-03-01T12:00:00.120450Z'),
  ('0c0de000-0000-4000-8000-000000000012', E'golden \\x1b[31m', 'feature', E'voice\\u202E', 10, 3, null, true, null, '${MAKER}', '2026-03-01T12:00:00Z'),
  ('0c0de000-0000-4000-8000-000000000013', 'GQLD-ENAB-CDEF-2346', 'credit', '500', 1, 1, '2024-03-01T12:00:00Z', false, 'golden', '${MAKER}', '2026-02-01T12:00:00Z');
`

eachGeneration(database => {
  const platform = platformOn(database)
  const run = (...argv: string[]) => command(["codes", ...argv], platform.env)

  test("the answers about redemption codes are the documents of the golden files", async () => {
    await asSuperuser(CODES, database.url)
    await matchGoldens(platform.env, {
      "codes-list": ["codes", "list", "--q", "golden"],
      "codes-update": ["codes", "update", OPEN, "--no-active"],
    })
  })

  describe("codes create", () => {
    const spring = ["create", "--count", "2", "--type", "credit", "--value", "100", "--batch-id", "spring"]

    test("--json is the document of the golden file, but for what is drawn", async () => {
      const { status, stdout, stderr } = await run(
        ...spring,
        "--max-uses",
        "3",
        "--expires-at",
        "2100-01-01T00:00:00+02:00",
        "--yes",
        "--json",
      )
      expect({ status, stderr }).toEqual({ status: 0, stderr: "" })
      const drawn = /(?<="(?:id|created_by_user_id|code|created_at)":")[^"]*/g
      await expect(stdout.replaceAll(drawn, "drawn")).toMatchFileSnapshot("golden/codes-create.json")
      const { data } = JSON.parse(stdout)
      for (const { code } of data) expect(code).toMatch(new RegExp(CODE_PATTERN))
      const listed = JSON.parse((await run("list", "--q", "spring", "--json")).stdout).data
      const byId = (codes: { id: string }[]) => codes.toSorted((a, b) => (a.id < b.id ? -1 : 1))
      expect(byId(listed)).toEqual(byId(data))
    })

    test("for people is the codes, one a line, to be piped; what was done is said beside", async () => {
      const { status, stdout, stderr } = await run(...spring, "--yes", "--reason", "fair")
      expect(status).toBe(0)
      expect(stdout).toMatch(/^([A-Z2-9]{4}-){3}[A-Z2-9]{4}\n([A-Z2-9]{4}-){3}[A-Z2-9]{4}\n$/)
      expect(stderr).toMatch(/^opsdeck: 2 codes in batch spring, audit [0-9a-f]{4}…\n$/)
    })

    test("asks first for more than one, and says what it would do", async () => {
      const { status, stdout, stderr } = await run(...spring, "--expires-at", "2100-01-01T00:00:00Z")
      expect({ status, stdout }).toEqual({ status: 2, stdout: "" })
      expect(stderr.split("\n").slice(0, 3)).toEqual([
        "Create 2 codes on local",
        "  type credit, value 100, batch spring",
        "  - 2 codes, together worth 200 credits, until 2100-01-01 00:00 UTC",
      ])
      expect(stderr).toMatch(/use --yes/)
      const one = await run("create", "--count", "1", "--type", "feature", "--value", "voice")
      expect(one).toMatchObject({ status: 0, stderr: expect.stringMatching(/1 code in batch batch-\d{8}-\w{4}/) })
    })

    test("of a large grant needs the sum beside --yes, and types it on a terminal", async () => {
      const large = ["create", "--count", "3", "--type", "credit", "--value", "50000", "--batch-id", "large"]
      const { status, stdout, stderr } = await run(...large, "--yes", "--json")
      expect({ status, stdout }).toEqual({ status: 2, stdout: "" })
      expect(JSON.parse(stderr).error).toMatchObject({
        field: "confirm_total",
        message: "--confirm-total: must be 150000: that is what these codes are worth in all, a large grant",
      })
      expect(await run(...large, "--yes", "--confirm-total", "1")).toMatchObject({ status: 2, stdout: "" })
      expect((await run(...large, "--yes", "--confirm-total", "150000")).stdout.trim().split("\n")).toHaveLength(3)
      const terminal = Terminal.opsdeck(["codes", ...large], platform.env, { columns: 100, rows: 24 })
      await terminal.see("together worth 150 000 credits", "type 150000 to confirm:")
      terminal.type("y\r")
      expect(await terminal.exited).toMatchObject({ exitCode: 130 })
    })

    test("on a terminal asks, and tells how far it is on a line that goes away", async () => {
      const many = ["codes", "create", "--count", "6000", "--type", "credit", "--value", "1"]
      const terminal = Terminal.opsdeck(many, platform.env, { columns: 80, rows: 24 })
      await terminal.see("6 000 codes, together worth 6 000 credits", "Create 6 000 codes on local? [y/N]")
      terminal.type("y\r")
      expect(await terminal.exited).toMatchObject({ exitCode: 0 })
      expect(terminal.output).toContain("opsdeck: 2500 of 6000")
      await terminal.see(/^([A-Z2-9]{4}-){3}[A-Z2-9]{4}$/m)
      expect(terminal.screen).not.toContain("of 6000")
    })

    test.each([
      ["count 0", ["--count", "0"], "--count"],
      ["count -1", ["--count=-1"], "--count"],
      ["count 1e9", ["--count", "1e9"], "--count"],
      ["count 2.5", ["--count", "2.5"], "--count"],
      ["a value of nothing", ["--value", "0"], "--value"],
      ["an unknown kind of type", ["--type", "Free Beer"], "--type"],
      ["an expiry in the past", ["--expires-at", "2024-01-01T00:00:00Z"], "--expires-at"],
      ["an expiry without a zone", ["--expires-at", "2100-01-01T00:00:00"], "--expires-at"],
      ["an empty expiry", ["--expires-at", ""], "--expires-at"],
      ["an endless batch name", ["--batch-id", "x".repeat(10_000)], "--batch-id"],
      ["a batch name with an escape", ["--batch-id", "a\x1b[31m"], "--batch-id"],
    ])("%s is status 2, and names the option", async (_, wrong, option) => {
      const name = option.slice(2)
      const others = ["--count=1", "--type=credit", "--value=1"].filter(given => !given.startsWith(`--${name}=`))
      const { status, stdout, stderr } = await run("create", ...others, ...wrong, "--yes", "--json")
      expect({ status, stdout }).toEqual({ status: 2, stdout: "" })
      const { error } = JSON.parse(stderr)
      expect(error).toMatchObject({ field: name.replace("-", "_") })
      expect(error.message.startsWith(`${option}: must`)).toBe(true)
    })
  })

  test.each([
    [2, "neither on nor off", ["update", OPEN], /--active is missing/],
    [2, "no UUID", ["update", "GQLD", "--active"], /ID: must be a UUID/],
    [4, "no such code", ["update", MAKER, "--active"], /there is no redemption code with the id/],
  ])("status %i: %s", async (status, _, argv, message) => {
    expect(await run(...argv)).toMatchObject({ status, stdout: "", stderr: expect.stringMatching(message) })
  })
})
