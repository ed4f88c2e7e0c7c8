import { readFileSync } from "node:fs"
import { join } from "node:path"
import { expect, test } from "vitest"
import { Gateway, newStream, numbered } from "../support/access-log.ts"
import { Operations } from "../support/console.ts"
import { addPerson } from "../support/people.ts"
import { freshDatabase } from "../support/postgres.ts"
import { opsdeck, temporaryDirectory } from "../support/program.ts"
import { Terminal } from "../support/terminal.ts"
import { findUser, readyToSuspend } from "../support/user-screens.ts"

const gateway = Gateway.forTests()
const database = freshDatabase()
const operations = new Operations(database, gateway)

test("an incident is begun, noted to, pinned to and ended on two consoles, and handed over as a page", async () => {
  const stream = newStream()
  await gateway.add(stream, numbered(20))
  const root = temporaryDirectory()
  const env = { ...operations.environment(stream), OPSDECK_HISTORY: join(root, "log") }
  const [alice, bob] = [Terminal.opsdeck([], env), Terminal.opsdeck([], env)]
  for (const console of [alice, bob]) await console.see("● live")

  alice.press(":").type("incident start checkout fails")
  await alice.see("incident start checkout fails  Incident")
  alice.press("enter")
  await alice.see(/◆ Incident \w+ {2}checkout fails/, /open for \d+ s/, /◆ incident \w+: checkout fails, \d+ s/)
  const [, id = ""] = /◆ Incident (\w+)/.exec(alice.screen) ?? []

  await bob.see(`◆ incident ${id}: checkout fails`)
  bob.press("/").type("path:/n/7").press("enter")
  await bob.see("1 of 20")
  bob.press("k")
  await bob.see("‖ paused")
  bob.press("P")
  await bob.see(`pinned to incident ${id}`)
  bob.press("P")
  await bob.see(`this is pinned already, to incident ${id}`)
  bob.press(":").type("note the seventh is odd")
  await bob.see("note the seventh is odd  Incident")
  bob.press("enter")
  await bob.see(`noted to incident ${id}`)

  await addPerson(database.postgres, { username: "mallory" })
  await findUser(bob, "mallory")
  await readyToSuspend(bob)
  bob.press("enter")
  await bob.see("✓ status")

  await alice.see("the seventh is odd", /pinned .*GET \/n\/7/, /change .*users\.status_changed .*active -> suspended/)
  // The filter of the other console was in force for some seconds.
  await alice.see(/filter .*path:\/n\/7/)
  alice.press("X")
  await alice.see("[ Not yet ]")
  alice.press("y")
  await alice.see(`incident ${id} ended`)
  await bob.wait(() => !bob.screen.includes("◆ incident"), "the incident is still on the other console")

  const evidence = join(root, "evidence.ndjson")
  const page = await opsdeck(["incident", "show", id, "--evidence", evidence], env)
  expect(page.status).toBe(0)
  for (const said of [`# Incident ${id}: checkout fails`, "the seventh is odd", "active -> suspended", "| before |"])
    expect(page.stdout).toContain(said)
  expect(JSON.parse(readFileSync(evidence, "utf8"))).toMatchObject({ path: "/n/7" })
})
