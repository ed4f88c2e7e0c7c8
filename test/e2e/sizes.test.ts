import { join } from "node:path"
import { describe, expect, test } from "vitest"
import { Gateway, newStream, numbered, request } from "../support/access-log.ts"
import { Operations } from "../support/console.ts"
import { installedProgram } from "../support/installed-program.ts"
import { freshDatabase } from "../support/postgres.ts"
import { root } from "../support/program.ts"
import { Terminal } from "../support/terminal.ts"

const gateway = Gateway.forTests()
const operations = new Operations(freshDatabase(), gateway)
const LONG_PATH = `/${"long-".repeat(60)}`

async function openConsole(columns: number, rows: number, env = {}) {
  const stream = newStream()
  const client_ip = "2001:db8:85a3:1234:5678:8a2e:370:7334"
  await gateway.add(stream, [...numbered(60), request({ path: LONG_PATH, client_ip, duration_ms: "1234567" })])
  const terminal = operations.open(stream, { columns, rows }, env)
  // The other tabs come once their screens are loaded.
  await terminal.see("● live", "/long-", / 1 ?Log .* 0/)
  return terminal
}

/** The column at which the paths stand in every row, and the title over them. */
function pathColumns(terminal: Terminal): number[] {
  const starts = terminal.rows.flatMap(row => / (PATH|\/n\/\d+|\/long-)/.exec(row)?.index ?? [])
  return [...new Set(starts)]
}

describe.each([
  [160, 45],
  [100, 30],
  [80, 24],
  [60, 15],
])("at %ix%i", (columns, rows) => {
  test("the log is usable: header, filter, aligned columns, the widest cut", async () => {
    const terminal = await openConsole(columns, rows)
    // Where there is room for them, the movers stand beside it.
    if (columns >= 150) await terminal.press("m", "m").seeNoMore("movers 5m")
    expect(pathColumns(terminal)).toHaveLength(1)
    const long = terminal.rows.find(row => row.includes("/long-"))
    expect(long).toHaveLength(columns)
    expect(long).toMatch(/ \/long.*….*long-$/)
    expect(terminal.wrapped).toBe(false)
    terminal.press("/")
    await terminal.see("Enter apply")
    terminal.type("path:/n/1\r")
    await terminal.see("/ path:/n/1", "11 of 61 match")
    expect(terminal.rows.filter(row => row.includes("/n/"))).toHaveLength(Math.min(11, rows - 8) + 1)
    terminal.press("?")
    await terminal.see("Help: Log")
    terminal.press("esc")
    await terminal.seeNoMore("Help: Log")
    expect(terminal.wrapped).toBe(false)
  })
})

test("below 60x15 it says so; resized back and forth everything is drawn again", async () => {
  const terminal = await openConsole(100, 30)
  // The bars come a second later at the latest.
  await terminal.see("max 61 in 100ms")
  const { screen } = terminal
  for (const [columns, rows] of [
    [59, 30],
    [100, 14],
    [20, 5],
  ] as const) {
    terminal.resize(columns, rows)
    await terminal.see("opsdeck needs 60x15")
    expect(terminal.rows.filter(row => row !== "")).toHaveLength(1)
    terminal.resize(100, 30)
    await terminal.see("● live", "/long-")
  }
  terminal.resize(160, 45)
  await terminal.see("/n/30")
  terminal.resize(70, 20)
  await terminal.seeNoMore("/n/30")
  terminal.resize(100, 30)
  await terminal.wait(() => belowTopLine(terminal.screen) === belowTopLine(screen), "not drawn as it was before")
})

test("a frame for the size before, which wraps and scrolls where it arrives, leaves nothing behind", async () => {
  const terminal = await openConsole(100, 30)
  // The bars come a second later at the latest.
  await terminal.see("max 61 in 100ms")
  const { screen } = terminal
  for (const [columns, rows] of [
    [160, 45],
    [100, 45],
    [160, 30],
  ] as const) {
    terminal.resize(columns, rows)
    await terminal.see("● live", "/long-", "? help")
    terminal.press("k")
    await terminal.see("paused")
    terminal.resizeUntold(100, 30).press("G")
    await terminal.wait(() => terminal.output.lastIndexOf("● live") > terminal.output.lastIndexOf("paused"), "no frame")
    terminal.resize(100, 30)
    await terminal.wait(() => belowTopLine(terminal.screen) === belowTopLine(screen), "not drawn as it was before")
  }
})

test("resized while paused, the row that is read stays selected and in sight", async () => {
  const terminal = await openConsole(100, 30)
  terminal.press("g")
  await terminal.wait(() => terminal.selected?.endsWith("/n/0") ?? false, "the oldest is not selected")
  for (const [columns, rows] of [
    [60, 15],
    [160, 45],
    [80, 24],
  ] as const) {
    terminal.resize(columns, rows)
    await terminal.wait(() => terminal.selected?.endsWith("/n/0") ?? false, `lost the row at ${columns}x${rows}`)
  }
})

test("too small for a while: the row that is read and the filter that is typed are kept, and leaving works", async () => {
  const terminal = await openConsole(100, 30)
  terminal.press("g")
  await terminal.wait(() => terminal.selected?.endsWith("/n/0") ?? false, "the oldest is not selected")
  terminal.press("/").type("path:/n/1")
  await terminal.see("/ path:/n/1")
  terminal.resize(40, 8)
  await terminal.see("opsdeck needs 60x15")
  terminal.resize(100, 30)
  await terminal.see("paused", "/ path:/n/1", "Enter apply")
  expect(terminal.selected).toMatch(/\/n\/0$/)
  terminal.resize(40, 8)
  await terminal.see("opsdeck needs 60x15")
  terminal.press("ctrl-c")
  expect(await terminal.exited).toMatchObject({ exitCode: 0 })
})

test.runIf(installedProgram("setsid"))(
  "in a session that is not told of a resize, as within su -c, it is seen",
  async () => {
    const program = ["setsid", "--wait", process.execPath, join(root, "bin/opsdeck.js")]
    const terminal = Terminal.run(program, operations.environment(newStream()), { columns: 70, rows: 20 })
    await terminal.see("● live", "? help")
    terminal.resize(100, 30)
    await terminal.wait(() => terminal.rows.at(29)?.includes("? help") ?? false, "not drawn in the new size")
  },
)

test("NO_COLOR leaves no colour, and the selected row can still be told", async () => {
  const colour = /\x1b\[(?:\d+;)*(?:3[0-8]|4[0-8]|9[0-7]|10[0-7])(?:;\d+)*m/
  expect((await openConsole(100, 30)).output).toMatch(colour)
  const terminal = await openConsole(100, 30, { NO_COLOR: "1" })
  terminal.press("k")
  await terminal.see("paused", /^▌/m)
  expect(terminal.output).not.toMatch(colour)
})

/** The clock and the health in the top line go on meanwhile. */
const belowTopLine = (screen: string) => screen.slice(screen.indexOf("\n")).replace(/ +$/gm, "")
