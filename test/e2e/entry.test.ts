import { expect, test } from "vitest"
import { Gateway, idOf, newStream, numbered, request } from "../support/access-log.ts"
import { Operations } from "../support/console.ts"
import { freshDatabase } from "../support/postgres.ts"
import type { Terminal } from "../support/terminal.ts"

const gateway = Gateway.forTests()
const operations = new Operations(freshDatabase(), gateway)

/** All that is written in the indented value column, with the line ends of wrapping taken out. */
const unwrapped = (terminal: Terminal) => terminal.rows.map(row => row.trim()).join("")

test("Enter shows every field whole, Esc comes back to the same row", async () => {
  const stream = newStream()
  const path = `/${"0123456789".repeat(30)}/end`
  await gateway.add(stream, [...numbered(5), request({ path, note: "a field of the future" }), ...numbered(5, 6)])
  const terminal = operations.open(stream)
  await terminal.see("/n/10")
  terminal.press(..."kkkkk")
  await terminal.wait(() => terminal.selected?.includes("/0123456789") ?? false, "the long path is not selected")
  const { selected } = terminal
  terminal.press("enter")
  await terminal.see(`Entry ${idOf(5)}`, "All fields", "Frankfurt, DE")
  expect(unwrapped(terminal)).toContain(path)
  terminal.press("G")
  await terminal.see("a field of the future")
  terminal.press("esc")
  await terminal.see("TIME", "paused")
  expect(terminal.selected).toBe(selected)
})

test("an entry longer than the screen is read by scrolling", async () => {
  const stream = newStream()
  const fields = Object.fromEntries(Array.from({ length: 1000 }, (_, n) => [`field-${n}`, `value ${n}.`]))
  await gateway.add(stream, [request(fields)])
  const terminal = operations.open(stream, { columns: 100, rows: 40 })
  await terminal.see("1 held")
  terminal.press("enter")
  await terminal.see("Seen from 203.0.113.7", "1 request, no signed-in users", "field-0 ", "value 0.")
  terminal.press("G")
  await terminal.see("field-999 ", "value 999.")
  terminal.press("g")
  await terminal.see("All fields")
})

const HOSTILE = {
  clipboard: "\x1b]52;c;ZXZpbA==\x07",
  title: "\x1b]0;owned\x07\x1b]2;owned\x1b\\",
  "nested in a link": "\x1b]8;;http://x\x1b\x1b]52;c;ZXZpbA==\x07",
  "clears the screen": "\x1b[2J\x1b[H\x1bc\x9b2J",
  "line ends": "one\r\ntwo\nthree\x85four\u2028five",
  bidi: "\u202egnp.exe\u2066\u200f",
  "zero width and tags": "a\u200bb\u{e0041}\ufeff",
  wide: "日本語のとても長いパス".repeat(20),
  emoji: "👩‍👩‍👧‍👦 🏳️‍🌈 ☝🏽 1️⃣ 🇩🇪".repeat(10),
  accents: "e\u0301".repeat(200),
}

test("hostile text is shown and not obeyed, in the log, in the entry and in the filter", async () => {
  const stream = newStream()
  for (const [n, text] of Object.values(HOSTILE).entries()) {
    const everywhere = { path: `/h/${n}/${text}`, client_ip: text, method: text, country: text, user_agent: text }
    await gateway.add(stream, [request({ ...everywhere, user_id: text, trace_id: text, [text]: text })], n)
  }
  const terminal = operations.open(stream, { columns: 140, rows: 40 })
  await terminal.see(`${Object.keys(HOSTILE).length} held`)
  for (const n of Object.keys(HOSTILE).keys()) await terminal.see(`/h/${n}/`)
  await terminal.see("\\x1b]52;c;ZXZpbA==", "\\x1b[2J", "one\\r\\n", "\\u202egnp", "\\u{e0041}")
  for (const n of [...Object.keys(HOSTILE).keys()].reverse()) {
    terminal.press("enter")
    await terminal.see(`Entry ${idOf(n)}`)
    terminal.press("esc")
    await terminal.see("TIME")
    terminal.press("k")
  }
  terminal.press("/").type(`\x1b[200~"${HOSTILE.clipboard}evil\u202eb"\x1b[201~`)
  await terminal.see('/ "evil\\u202eb"')
  terminal.press("esc")
  await gateway.add(stream, [request({ path: "/afterwards" })], 1000)
  terminal.press("G")
  await terminal.see("/afterwards", "● live")
  expect(terminal.requests).toEqual([])
  expect(terminal.wrapped).toBe(false)
})

test("entries that are no requests at all are shown, and the log goes on", async () => {
  const stream = newStream()
  const add = (n: number, ...pairs: (string | Buffer)[]) => gateway.writer.xadd(stream, idOf(n), ...pairs)
  await add(0, "unrelated", "1")
  await add(1, ...Object.keys(request()).flatMap(name => [name, ""]))
  await add(2, "path", "/words", "status", "fine", "duration_ms", "1e999", "risk_score", "NaN", "ts", "yesterday")
  await add(3, "path", "/twice", "path", "/again", "status", "200", "status", "500")
  await add(4, "path", Buffer.from([0x2f, 0x69, 0x6e, 0x76, 0xff, 0xfe, 0xc3, 0x28]))
  await add(5, "path", `/${"m".repeat(1024 * 1024)}`, "user_agent", "u".repeat(1024 * 1024))
  await add(6, "", "a field without a name", "path", "/nameless")
  await add(7, "status", "-99999999999999999999", "duration_ms", "-5", "path", "/negative")
  const terminal = operations.open(stream)
  await terminal.see("8 held", "/words", "/twice", "/inv", "/mmm", "/nameless", "/negative")
  for (let n = 7; n >= 0; n--) {
    terminal.press("enter")
    await terminal.see(`Entry ${idOf(n)}`)
    if (n === 3) await terminal.see("/twice", "/again")
    terminal.press("esc")
    await terminal.see("TIME")
    terminal.press("k")
  }
  await gateway.add(stream, [request({ path: "/afterwards" })], 1000)
  terminal.press("G")
  await terminal.see("/afterwards", "● live")
})
