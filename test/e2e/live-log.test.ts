import { expect, test } from "vitest"
import { Gateway, newStream, numbered, request } from "../support/access-log.ts"
import { Operations } from "../support/console.ts"
import { addPerson } from "../support/people.ts"
import { eachGeneration } from "../support/postgres.ts"

const gateway = Gateway.forTests()

eachGeneration(database => {
  const operations = new Operations(database, gateway)

  test("requests appear as they happen, with the names of their users", async () => {
    const stream = newStream()
    const bob = await addPerson(database.postgres, { username: "Bob Whitaker" })
    await gateway.add(stream, [request({ path: "/before" })])
    const terminal = operations.open(stream)
    await terminal.see("● live", "/before", operations.administrator.login)
    await gateway.add(stream, [request({ path: "/v1/runs", status: "503", user_id: bob.id })], 1)
    await terminal.see("/v1/runs", "503", "Bob Whitaker")
  })

  test("a stream that is deleted while it is watched is not live any more, until it is made anew", async () => {
    const stream = newStream()
    await gateway.add(stream, [request({ path: "/before" })])
    const terminal = operations.open(stream)
    await terminal.see("● live", "/before")
    await gateway.writer.del(stream)
    await terminal.see("the stream was deleted; waiting for it to be made again", "/before")
    await terminal.seeNoMore("● live")
    await gateway.add(stream, [request({ path: "/anew" })], 1)
    await terminal.see("● live", "the stream was recreated", "/anew")
  })

  test("a filter shows what matches, of before and of now, each entry once", async () => {
    const stream = newStream()
    await gateway.add(stream, [...numbered(30), ...numbered(3, 30, { status: "500" })])
    const terminal = operations.open(stream)
    await terminal.see("/n/32")
    terminal.press("/").type("status:5xx path:/n\r")
    await terminal.see("3 of 33 match")
    await gateway.add(stream, [...numbered(1, 33), ...numbered(1, 34, { status: "502" })], 33)
    await terminal.see("4 of 35 match", "/n/34")
    const shown = terminal.rows.flatMap(row => /\/n\/(\d+)/.exec(row)?.[1] ?? [])
    expect(shown).toEqual(["30", "31", "32", "34"])
  })

  test("a user is found by login, name or e-mail; one that nobody is, is said to be nobody", async () => {
    const stream = newStream()
    const carol = await addPerson(database.postgres, { username: "Carol" })
    await gateway.add(stream, [request({ path: "/hers", user_id: carol.id }), request({ path: "/not-hers" })])
    const terminal = operations.open(stream)
    await terminal.see("/not-hers")
    terminal.press("/").type(`user:${carol.login}\r`)
    await terminal.see("1 of 2 match", "/hers")
    await terminal.seeNoMore("/not-hers")
    terminal.press("/", "ctrl-u").type("user:nobody-at-all\r")
    await terminal.see(/no user .*nobody-at-all/)
  })
})
