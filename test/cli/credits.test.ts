import { expect, test } from "vitest"
import { nameIn } from "../../src/adapters/postgres/generation.ts"
import { command } from "../support/command.ts"
import { asSuperuser, eachGeneration } from "../support/postgres.ts"
import { matchGoldens, platformOn } from "./platform.ts"

const ACME = "0ac3e000-0000-4000-8000-000000000001"
const RUN = "0de10000-0000-4000-8000-000000000001"

eachGeneration(database => {
  const platform = platformOn(database)
  const run = (...argv: string[]) => command(argv, platform.env)
  const [org, orgs] = ["org_id", "orgs"].map(name => nameIn(database.generation, name))

  test("credits show is the document of the golden file", async () => {
    await asSuperuser(
      `insert into ${orgs} (id, slug, name) values ('${ACME}', 'acme', 'Acme');
       insert into credits (${org}, balance) values ('${ACME}', 9007199254740993);
       insert into credit_transactions (id, ${org}, amount, type, reference_type, reference_id, note, created_at) values
         ('c0000000-0000-4000-8000-000000000001', '${ACME}', 500, 'initial_grant', null, null, null, '2026-03-01T12:00:00.5Z'),
         ('c0000000-0000-4000-8000-000000000002', '${ACME}', -12, 'consumption', 'run', '${RUN}', null, '2026-03-01T12:01:00Z'),
         ('c0000000-0000-4000-8000-000000000003', '${ACME}', 9007199254740505, 'admin_adjustment', null, null,
           E'made\\u202e good', '2026-03-02T12:00:00.000001Z')`,
      database.url,
    )
    await matchGoldens(platform.env, { "credits-show": ["credits", "show", ACME] })
  })

  test("credits adjust asks, and prints the balance after it with all its digits", async () => {
    const adjust = ["credits", "adjust", ACME, "--note", "charged twice"]
    expect(await run(...adjust, "--amount", "-992")).toMatchObject({ status: 2, stdout: "" })
    const made = await run(...adjust, "--amount", "-992", "--yes", "--json")
    expect(made).toEqual({ status: 0, stdout: '{"balance":9007199254740001}\n', stderr: "" })
    const forPeople = await run(...adjust, "--amount", "7", "--yes")
    expect(forPeople.stdout).toBe("BALANCE  9007199254740008\n")
    expect(forPeople.stderr).toMatch(/^opsdeck: balance now 9 007 199 254 740 008, audit [0-9a-f]{4}…\n$/)
  })

  test.each([
    ["--amount: must be a whole number other than 0, like 500 or -200", 2, [ACME, "--amount", "0", "--note", "x"]],
    ["--note is missing", 2, [ACME, "--amount", "5"]],
    ["--note: must say why", 2, [ACME, "--amount", "5", "--note", " "]],
    [`there is no organization with the id ${RUN}`, 4, [RUN, "--amount", "5", "--note", "x"]],
    [
      "--amount: there are only 9 007 199 254 740 008 credits to take 9 007 199 254 740 009 from",
      5,
      [ACME, "--amount", "-9007199254740009", "--note", "x"],
    ],
  ])("%s: status %i", async (message, status, argv) => {
    const refused = await run("credits", "adjust", ...argv, "--yes", "--json")
    expect(JSON.parse(refused.stderr).error.message).toBe(message)
    expect(refused).toMatchObject({ status, stdout: "" })
  })
})
