import { beforeAll, expect, test } from "vitest"
import { insertWorld } from "../../src/demo/seed/insert.ts"
import { createWorld } from "../../src/demo/seed/world.ts"
import { Gateway, newStream } from "../support/access-log.ts"
import { Operations } from "../support/console.ts"
import { freshDatabase } from "../support/postgres.ts"

const gateway = Gateway.forTests()
const database = freshDatabase()
const operations = new Operations(database, gateway)

beforeAll(() => insertWorld(database.postgres, createWorld(1, Date.now(), "not a hash"), {}))

test("a ring of accounts that invite one another is found from one suspicious referral, down to who they are", async () => {
  const terminal = operations.open(newStream(), { columns: 100, rows: 30 })
  await terminal.see("6 Referrals")
  terminal.press("6")
  await terminal.see("INVITER", /johart.*of ↺ 4/)
  const isOfRing = () => terminal.selected?.includes("of ↺ 4") ?? false
  for (let row = 0; row < 20 && !isOfRing(); row++) {
    const before = terminal.selected
    terminal.press("j")
    await terminal.wait(() => terminal.selected !== before, "the selection did not move")
  }
  expect(isOfRing()).toBe(true)

  terminal.press("enter")
  await terminal.see(/a ring of 4: (johart0[1-4] → ){4}johart0[1-4]/, "34 in all", "4 suspended", "1 deleted")
  await terminal.see(/back to johart0[1-4]: a ring of 4/)
  terminal.press("u")
  await terminal.see(/User {2}johart\d\d/)
  terminal.press("esc")
  await terminal.see("a ring of 4")
})
