import { readFileSync } from "node:fs"
import { expect } from "vitest"
import { Gateway, newStream, numbered } from "../support/access-log.ts"
import { Operations } from "../support/console.ts"
import { freshDatabase } from "../support/postgres.ts"
import type { Terminal } from "../support/terminal.ts"
import { scenario } from "./support/scenario.ts"
import { sized } from "./support/size.ts"

const gateway = Gateway.forTests()
const operations = new Operations(freshDatabase(), gateway)

const MB = 1_000_000
const SIZES = sized({ short: [MB], full: [MB, 10 * MB] })
/** What would leave, confirm, mark, point, copy and name, were it typed or obeyed. */
const HOSTILE =
  "q\r?ggy\r:quit\r /\x1b\x1b[A\x1b[200~\x1b[<0;5;9M\x1b]52;c;cQ==\x07\x1b]0;mine\x07\x1b[2J\x1b[?1049l\x9b2J\x00\x1a\x03 "

/** Where the keyboard is: with the log, with a field, with a list of commands. */
const PLACES: readonly { name: string; open: string; shows: string | RegExp }[] = [
  { name: "the log", open: "", shows: /● live[\s\S]* no filter/ },
  { name: "the filter", open: "/", shows: "Enter apply" },
  { name: "the palette", open: ":", shows: /Palette|Esc/ },
]

scenario(
  {
    number: 21,
    title: "Pastes",
    load: `of ${SIZES.map(size => `${size / MB} MB`).join(" and ")}, ended and not, escapes inside, into ${PLACES.map(({ name }) => name).join(", ")}`,
    passes: "bounded; Ctrl-C works within 2 s; no command fired",
    inSubset: true,
  },
  async measure => {
    let slowest = 0
    let largest = 0
    for (const size of SIZES) {
      for (const place of PLACES) {
        for (const end of ["\x1b[201~", ""]) {
          const { ms, grown } = await paste(`\x1b[200~${hostile(size)}${end}`, place)
          slowest = Math.max(slowest, ms)
          largest = Math.max(largest, grown)
        }
      }
    }
    measure("left by Ctrl-C behind the paste, at most", slowest, "ms", { atMost: 2_000 })
    measure("memory above what it was, at most", largest, "MB", { atMost: 100 })
  },
)

const hostile = (size: number) => HOSTILE.repeat(Math.ceil(size / HOSTILE.length))

/** Pastes into `place` and leaves by Ctrl-C: how long that took from the key on, and by how much memory grew at its most. */
async function paste(text: string, { open, shows }: (typeof PLACES)[number]): Promise<{ ms: number; grown: number }> {
  const stream = newStream()
  await gateway.add(stream, numbered(50))
  const terminal = operations.open(stream)
  const { pid } = terminal.process
  await terminal.see("● live", "/n/49", "2 Dashboard")
  terminal.type(open)
  await terminal.see(shows)
  const before = memory(pid, "VmRSS")
  terminal.type(text)
  await gateway.add(stream, numbered(1, 50), 50)
  await terminal.see("/n/50", "● live", shows)
  expectUntouched(terminal)
  let grown = 0
  const began = performance.now()
  // The first of these comes behind whatever the console has not read yet.
  const press = setInterval(() => {
    grown = Math.max(grown, memory(pid, "VmHWM") - before)
    terminal.press("ctrl-c")
  }, 100)
  const { exitCode } = await terminal.exited.finally(() => clearInterval(press))
  expect(exitCode).toBe(0)
  expectUntouched(terminal)
  return { ms: performance.now() - began, grown }
}

function expectUntouched(terminal: Terminal): void {
  expect(terminal.requests).toEqual([])
  expect(terminal.output).not.toContain("paused")
  expect(terminal.output).not.toContain("Help:")
}

/** In MB; 0 of a process that has ended. */
function memory(pid: number, what: "VmRSS" | "VmHWM"): number {
  try {
    const [, kilobytes] = new RegExp(`${what}:\\s+(\\d+)`).exec(readFileSync(`/proc/${pid}/status`, "utf8")) ?? []
    return Number(kilobytes ?? 0) / 1024
  } catch {
    return 0
  }
}
