import { expect, test } from "vitest"
import { Gateway, newStream, numbered } from "../support/access-log.ts"
import { Operations } from "../support/console.ts"
import { NO_KEYS } from "../support/key-sequences.ts"
import { freshDatabase } from "../support/postgres.ts"

const gateway = Gateway.forTests()
const operations = new Operations(freshDatabase(), gateway)

/** A console that waits long for the rest of a sequence: a busy machine makes the gaps longer than the test does. */
async function openConsole() {
  const stream = newStream()
  await gateway.add(stream, numbered(100))
  const terminal = operations.open(stream, { columns: 120, rows: 30 }, { OPSDECK_ESCAPE_DELAY: "1000" })
  await terminal.see("● live", "/n/99")
  return terminal
}

test("an arrow and a page in pieces are keys, and neither Esc nor letters", async () => {
  const terminal = await openConsole()
  await terminal.typeInPieces(60, "\x1b", "[A")
  await terminal.see("paused")
  const isAt = (n: number) => terminal.wait(() => terminal.selected?.endsWith(`/n/${n}`) ?? false, `not at ${n}`)
  await isAt(98)
  await terminal.typeInPieces(30, "\x1b", "O", "B")
  await isAt(99)
  await terminal.typeInPieces(30, "\x1b[", "7", "~")
  await isAt(0)
  await terminal.typeInPieces(30, "\x1b[4", "~\r")
  await terminal.see("All fields", "/n/99")
  await terminal.typeInPieces(60, "\x1b", "[6", "~")
  await terminal.typeInPieces(60, "\x1b", "[", "A")
  await terminal.see("All fields", "Esc back")
})

test("ESC and a letter at once is Alt, which is neither Esc nor the letter; Esc alone is Esc", async () => {
  const terminal = await openConsole()
  terminal.type("/path:/n/1 status:500\x1b\x7f")
  await terminal.see("/ path:/n/1 status:", "Enter apply")
  terminal.type("\x1bb\x1bb\x1bdn/2")
  await terminal.see("/ path:/n/n/2 status:")
  await terminal.press("esc").see("no filter")
  terminal.type("\x1bqq")
  await terminal.see("Alt-q does nothing here; what came with it is ignored")
  terminal.type("\x1b[2~k")
  await terminal.see("paused")
  terminal.press("q")
  expect((await terminal.exited).exitCode).toBe(0)
})

test("what a terminal sends by itself is neither a key nor text, in a list, a field and a paste", async () => {
  const terminal = await openConsole()
  const halves = (sequence: string) => [sequence.slice(0, 3), sequence.slice(3)]
  for (const sequence of Object.values(NO_KEYS)) await terminal.typeInPieces(5, ...halves(sequence))
  terminal.type("/")
  await terminal.see("Enter apply")
  for (const sequence of Object.values(NO_KEYS)) {
    await terminal.typeInPieces(5, "x", ...halves(sequence))
    await terminal.typeInPieces(5, "\x1b[200~a", ...halves(sequence), "b\x1b[201~")
  }
  const shown = new RegExp(`/ ${"xab".repeat(Object.keys(NO_KEYS).length)}$`, "m")
  await terminal.see(shown)
  await terminal.see("● live", "/n/99")
})
