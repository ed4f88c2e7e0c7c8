import { readFileSync, statSync } from "node:fs"
import { join } from "node:path"
import { expect, test } from "vitest"
import { Gateway, newStream, numbered } from "../support/access-log.ts"
import { Operations } from "../support/console.ts"
import { asSuperuser, eachGeneration } from "../support/postgres.ts"
import { temporaryDirectory } from "../support/program.ts"

const gateway = Gateway.forTests()

eachGeneration(database => {
  const operations = new Operations(database, gateway)
  const batch = () =>
    asSuperuser(
      "select code, is_active, expires_at is not null as ends from redemption_codes where batch_id = 'spring sale'",
      database.url,
    )

  test("a marketing batch is made, saved, found again by its name, and switched off, by keyboard alone", async () => {
    const stream = newStream()
    await gateway.add(stream, numbered(3))
    const terminal = operations.open(stream)
    await terminal.see("● live", "/n/2")
    await terminal.press("7").see("C new batch")

    await terminal.press("C").see("New redemption codes")
    terminal.type("250").press("tab", "tab").type("20").press("tab", "tab").type("30d").press("tab").type("spring sale")
    await terminal.see("spring sale", /until \d{4}-\d\d-\d\d \d\d:\d\d:\d\d UTC/)
    await terminal.press("ctrl-s").see("250 codes, together worth 5 000 credits, until")
    await terminal.press("tab", "tab").see("[ Create ]")
    await terminal.press("enter").see("250 codes made", "They are shown here once")
    const made = await batch()
    expect(made).toHaveLength(250)
    expect(made.every(({ is_active, ends }) => is_active && ends)).toBe(true)

    const path = join(temporaryDirectory(), "spring.txt")
    await terminal.press("ctrl-s").see("Save the codes", "~/codes-spring-sale.txt")
    await terminal.press("ctrl-u").type(path).see("spring.txt")
    await terminal.press("enter").see("nobody else can read it")
    expect(readFileSync(path, "utf8").trimEnd().split("\n").toSorted()).toEqual(made.map(({ code }) => code).toSorted())
    expect(statSync(path).mode & 0o777).toBe(0o600)

    await terminal.press("esc").see("C new batch")
    await terminal.press("/").type("ring sal").see("· 100 shown of 250 redemption codes", "/ ring sal")
    await terminal.press("enter").see("B batch off")
    await terminal.press("B").see("250 codes: 250 become inactive", "type 250 to confirm")
    await terminal.press("tab").type("250").press("tab", "tab").see("[ Deactivate ]")
    await terminal.press("enter").see("250 codes switched off")
    await terminal.see(/ off .*spring sale/)
    expect((await batch()).some(({ is_active }) => is_active)).toBe(false)

    await terminal.press("v").see("state:active", "Nothing matches")
  })
})
