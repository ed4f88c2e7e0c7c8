import { readFileSync, statSync } from "node:fs"
import { join } from "node:path"
import { expect, test } from "vitest"
import { Gateway, newStream, numbered } from "../support/access-log.ts"
import { Operations } from "../support/console.ts"
import { addPerson } from "../support/people.ts"
import { eachGeneration } from "../support/postgres.ts"
import { opsdeck, temporaryDirectory } from "../support/program.ts"
import type { Terminal } from "../support/terminal.ts"

const gateway = Gateway.forTests()

/** What the terminal was asked to put on its clipboard. */
const copied = ({ requests }: Terminal) =>
  requests.flatMap(request => {
    const [, base64] = /^OSC 52 c;(.*)$/.exec(request) ?? []
    return base64 === undefined ? [] : [Buffer.from(base64, "base64").toString()]
  })

eachGeneration(database => {
  const operations = new Operations(database, gateway)

  test("users are searched and saved as CSV; one is copied, as the command prints it, which is shared as well", async () => {
    const eve = await addPerson(database.postgres, { username: "Eve, the +1", status: "suspended" })
    const mallory = await addPerson(database.postgres, { username: "=cmd|' /C calc'!A0, the +1" })
    const stream = newStream()
    await gateway.add(stream, numbered(3))
    const terminal = operations.open(stream)
    await terminal.see("● live", "/n/2")
    await terminal.press("3").see("Alice Liddell")
    terminal.press("/").type("the +1\r")
    await terminal.see("2 shown")

    const path = join(temporaryDirectory(), "users.csv")
    await terminal.press("ctrl-s").see("Save the users", /~\/opsdeck-users-.*\.ndjson/)
    await terminal.press("ctrl-u").type(path).see("users.csv", "CSV, with all columns")
    await terminal.press("enter").see("2 users saved to")
    const [head, first, second, end] = readFileSync(path, "utf8").split("\r\n")
    expect(head).toBe("id,login,username,email,status,avatar_url,locale,timezone,last_login_at,created_at")
    expect(first).toContain(`${mallory.id},${mallory.login},"'=cmd|' /C calc'!A0, the +1",`)
    expect(second).toContain(`${eve.id},${eve.login},"Eve, the +1",`)
    expect(end).toBe("")
    expect(statSync(path).mode & 0o777).toBe(0o600)

    await terminal.press("v", "v").see("1 shown", "Eve, the +1")
    await terminal.press("y").see("this user, as JSON")
    await terminal.press("y").see("sent to the clipboard")
    await terminal.press("Y").see("opsdeck users list 'the +1 status:suspended'")
    await terminal.press("y").see("the command line, ")
    const [row, command] = copied(terminal)
    const { status, stdout } = await opsdeck(
      ["users", "list", "--q", "the +1", "--status", "suspended", "--json"],
      operations.environment(stream),
    )
    expect(status).toBe(0)
    expect(command).toBe("opsdeck users list 'the +1 status:suspended'")
    expect(`{"data":[${row?.trimEnd()}],"next_cursor":null}\n`).toBe(stdout)
  })

  test("the log is saved to the start of the stream, as the command prints it; marks are kept under another filter", async () => {
    const stream = newStream()
    await gateway.add(stream, numbered(700))
    const terminal = operations.open(stream)
    await terminal.see("● live", "/n/699")
    await terminal.press(" ").see("1 marked", "paused")
    terminal.press("/").type("path:/n/1\r")
    await terminal.see("path:/n/1", "1 marked", "/n/199")
    const path = join(temporaryDirectory(), "log.ndjson")
    await terminal.press("ctrl-s").see("‹ 1 marked ›")
    await terminal.press(" ").see("‹ all that match, back to the start of the stream ›")
    await terminal.press("tab", "ctrl-u").type(path).see("log.ndjson")
    await terminal.press("enter").see("111 log entries saved to")
    const { stdout } = await opsdeck(["log", "path:/n/1", "--limit", "200", "--json"], operations.environment(stream))
    const lines = readFileSync(path, "utf8").trimEnd().split("\n")
    expect(`{"data":[${lines.join(",")}],"has_more":false}\n`).toBe(stdout)
    await terminal.press("y").see("the 1 marked, as NDJSON")
    await terminal.press("y").see("1 log entry, ")
    expect(JSON.parse(copied(terminal)[0] as string)).toMatchObject({ path: "/n/699" })
  })
})
