import { test } from "vitest"
import { Gateway, newStream, request } from "../support/access-log.ts"
import { Operations } from "../support/console.ts"
import { moversUnder } from "../support/movers-panel.ts"
import { addPerson } from "../support/people.ts"
import { freshDatabase } from "../support/postgres.ts"

const gateway = Gateway.forTests()
const database = freshDatabase()
const operations = new Operations(database, gateway)

/** Adds requests as of now: movers are those of the last minutes. */
async function addNow(stream: string, count: number, fields: Record<string, string>): Promise<void> {
  const pipeline = gateway.writer.pipeline()
  for (let n = 0; n < count; n++) pipeline.xadd(stream, "*", ...Object.entries(request(fields)).flat())
  await pipeline.exec()
}

const ATTACK = { client_ip: "203.0.113.7", path: "/v1/auth/login", method: "POST", status: "401", risk_score: "85" }

test("from a mover to its requests, to those without some of them, to a user, and step by step back", async () => {
  const mallory = await addPerson(database.postgres, { username: "Mallory Quick" })
  const stream = newStream()
  const terminal = operations.open(stream, { columns: 160, rows: 45 })
  await terminal.see("waiting for the stream", "movers 5m")
  await addNow(stream, 30, ATTACK)
  await addNow(stream, 9, { client_ip: "198.51.100.24", path: "/v1/runs" })
  await addNow(stream, 5, { ...ATTACK, user_id: mallory.id, path: "/v1/me", status: "200", risk_score: "10" })
  await terminal.wait(() => moversUnder(terminal, "IP").length === 3, "not two addresses below their heading")

  terminal.press("tab")
  await terminal.see("▌movers", "▌203.0.113.7")
  terminal.press("enter")
  await terminal.see("/ ip:203.0.113.7", "35 of 44 match")
  await terminal.wait(() => !terminal.screen.includes("198.51.100.24"), "others are still there")

  terminal.press("k", "k")
  await terminal.see("‖ paused")
  terminal.press("-")
  await terminal.see("Not this", "▌ -status:200")
  terminal.press("j", "j", "j", "j", "j")
  await terminal.see("▌ -route:/v1/me")
  terminal.press("k")
  await terminal.see(`▌ -user:${mallory.id}`, "Mallory Quick")
  terminal.press("enter")
  await terminal.see(`/ ip:203.0.113.7 -user:${mallory.id}`)
  await terminal.wait(() => !terminal.selected?.includes("/v1/me"), "the user's requests are still there")
  // Typed on without looking, it is live again all the same.
  terminal.press("<", "G")
  await terminal.see("● live", "35 of 44 match")

  terminal.press("tab")
  await terminal.see("▌movers")
  terminal.press("j", "j")
  await terminal.see("▌Mallory Quick")
  terminal.press("u")
  await terminal.see(`User  ${mallory.login}  active`)
  terminal.press("esc")
  await terminal.see("/ ip:203.0.113.7", "● live", "▌movers", "▌Mallory Quick")

  terminal.press("<")
  await terminal.see("/ no filter", "▌movers")
  terminal.press("esc")
  await terminal.see("│ movers")
})

test("a field of an entry's detail narrows the log that it was opened from, at the entry where that stood", async () => {
  const stream = newStream()
  await addNow(stream, 10, { client_ip: "198.51.100.24", path: "/v1/runs" })
  await addNow(stream, 1, { ...ATTACK, path: "/v1/auth/reset" })
  await addNow(stream, 10, { client_ip: "198.51.100.24", path: "/v1/threads" })
  await addNow(stream, 1, ATTACK)
  const terminal = operations.open(stream)
  await terminal.see("● live", "22 held")
  terminal.press(..."k".repeat(11))
  await terminal.wait(() => terminal.selected?.includes("/v1/auth/reset") ?? false, "the request is not selected")
  const { selected } = terminal
  terminal.press("enter")
  await terminal.see("All fields")
  terminal.press("+", "j", "j")
  await terminal.see("▌ ip:203.0.113.7")
  terminal.press("enter")
  await terminal.see("/ ip:203.0.113.7", "‖ paused")
  await terminal.wait(() => terminal.selected === selected, "not at the request")

  // The next choice begins where the last one was made.
  terminal.press("-")
  await terminal.see("▌ -ip:203.0.113.7", "-country:DE", "-city:Frankfurt")
})

test("T tries the risk of a request, or of a mover, as the threshold; Esc comes back at once, with nothing changed", async () => {
  const stream = newStream()
  const terminal = operations.open(stream)
  await terminal.see("waiting for the stream")
  await addNow(stream, 20, ATTACK)
  await addNow(stream, 3, { risk_score: "0", client_ip: "198.51.100.24" })
  await terminal.see("23 held")
  terminal.press("T")
  await terminal.see("threshold: the risk of this request is 0 or unknown")
  terminal.press("k", "k", "k")
  await terminal.wait(() => terminal.selected?.includes("203.0.113.7") ?? false, "the request is not selected")
  const { selected } = terminal
  terminal.press("T")
  await terminal.see("not saved yet", "At 0.85, of 23 requests still held", "20 rejected, from 1 address")
  terminal.press("esc")
  await terminal.see("‖ paused")
  await terminal.wait(() => terminal.selected === selected, "the request is not selected any more")

  terminal.press("m")
  await terminal.see("▌203.0.113.7")
  terminal.press("T")
  await terminal.see("not saved yet", "At 0.85")
  terminal.press("esc")
  await terminal.see("▌movers", "▌203.0.113.7")
})
