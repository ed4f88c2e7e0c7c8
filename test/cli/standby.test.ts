import { expect, test, vi } from "vitest"
import { command } from "../support/command.ts"
import { addPerson } from "../support/people.ts"
import { replicatedDatabase } from "../support/replicated-postgres.ts"
import { platformOn } from "./platform.ts"

const database = replicatedDatabase()
const platform = platformOn(database)

test("a command on a standby reads, and says before it asks that nothing can be changed there", async () => {
  // Each sign-in that is not recorded is written to the log file.
  vi.spyOn(console, "info").mockReturnValue()
  const { id } = await addPerson(database.postgres, { username: "Bob Whitaker" })
  await database.pair.caughtUp()
  const env = { ...platform.env, DATABASE_URL: database.onStandby() }
  const note = "opsdeck: a replica, up to date: signing in is not recorded there\n"
  const refusal = `nothing was changed: PostgreSQL here is a replica of 127.0.0.1:${database.pair.primary.port}: changes are made there`

  expect(await command(["users", "show", id, "--json"], env)).toMatchObject({ status: 0, stderr: "" })
  const shown = await command(["users", "show", id], env)
  expect(shown).toMatchObject({ status: 0, stderr: note, stdout: expect.stringContaining("Bob Whitaker") })
  expect(JSON.parse((await command(["whoami", "--json"], env)).stdout)).toMatchObject({ read_only: true })

  const suspend = ["users", "update", id, "--status", "suspended"]
  const asked = await command(suspend, env)
  expect(asked).toMatchObject({ status: 5, stdout: "" })
  expect(asked.stderr).toContain(`${refusal}\n`)
  expect(asked.stderr).not.toContain("[y/N]")
  expect(await command([...suspend, "--yes"], env)).toMatchObject({
    status: 5,
    stderr: expect.stringContaining(refusal),
  })
  const { status, stderr } = await command([...suspend, "--yes", "--json"], env)
  expect({ status, error: JSON.parse(stderr).error }).toMatchObject({
    status: 5,
    error: { code: "read_only", message: refusal },
  })
})

test("with a replica for reading a list says that it is from there, and doctor how far behind that is", async () => {
  const lists = { ...platform.env, OPSDECK_READ_URL: database.onStandby() }
  const listed = await command(["users", "list", "--q", "Bob"], lists)
  expect(listed).toMatchObject({ status: 0, stderr: "opsdeck: read from the replica, up to date\n" })
  const doctor = await command(["doctor"], lists)
  expect(doctor.stdout).toMatch(/read replica +127\.0\.0\.1:\d+, up to date, which follows 127\.0\.0\.1:\d+: lists and/)
})
