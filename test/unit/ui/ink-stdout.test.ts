import { EventEmitter } from "node:events"
import { PassThrough } from "node:stream"
import { render, Text, useApp, useWindowSize } from "ink"
import { createElement } from "react"
import { expect, test, vi } from "vitest"
import { inkStdout } from "../../../src/ui/terminal/ink-stdout.ts"
import { eventually } from "../../support/waiting.ts"

const ENTER = "\x1b[?1049h"
const LEAVE = "\x1b[?1049l"
const SHOW_CURSOR = "\x1b[?25h"

/** Ink on a terminal of 80x24 that draws the size it knows of; `written` is what it wrote. */
function openInk() {
  const terminal = Object.assign(new EventEmitter(), { columns: 80, rows: 24, destroyed: false })
  const stdin = Object.assign(new PassThrough(), { isTTY: true, setRawMode: () => {}, ref: () => {}, unref: () => {} })
  const written: string[] = []
  let suspend = (_: () => void) => Promise.resolve()
  const Size = () => {
    const { columns, rows } = useWindowSize()
    suspend = useApp().suspendTerminal as typeof suspend
    return createElement(Text, null, `${columns}x${rows}`)
  }
  const app = render(createElement(Size), {
    stdout: inkStdout(terminal as never, chunk => void written.push(chunk)),
    stdin: stdin as never,
    interactive: true,
    alternateScreen: true,
    patchConsole: false,
  })
  return { app, terminal, written, suspend: (during: () => void) => suspend(during) }
}

const standardOutput = vi.spyOn(process.stdout, "write")

test("all that Ink writes goes to where it is handed on, and nothing to standard output itself", async () => {
  const { app, written } = openInk()
  await app.waitUntilRenderFlush()
  expect(written[0]).toBe(ENTER)
  expect(written.join("")).toContain("80x24")
  app.unmount()
  await app.waitUntilExit()
  expect(written.slice(-3)).toEqual([LEAVE, SHOW_CURSOR, ""])
  expect(standardOutput.mock.calls.filter(([chunk]) => String(chunk).includes("\x1b[?"))).toEqual([])
})

test("Ink hears of a resize, and no longer once it has left", async () => {
  const { app, terminal, written } = openInk()
  Object.assign(terminal, { columns: 100, rows: 30 })
  terminal.emit("resize")
  await eventually(() => expect(written.join("")).toContain("100x30"))
  app.unmount()
  await app.waitUntilExit()
  expect(terminal.listenerCount("resize")).toBe(0)
})

test("a suspension leaves the alternate screen, and comes back to it with a whole frame", async () => {
  const { app, written, suspend } = openInk()
  await app.waitUntilRenderFlush()
  await suspend(() => void written.push("the shell"))
  const at = written.indexOf("the shell")
  expect(written.slice(0, at)).toContain(LEAVE)
  expect(written.slice(at)).toContain(ENTER)
  expect(written.slice(at).join("")).toContain("80x24")
  app.unmount()
})

test("a terminal that is gone is written to no more", async () => {
  const { app, terminal, written } = openInk()
  await app.waitUntilRenderFlush()
  terminal.destroyed = true
  written.length = 0
  app.unmount()
  await app.waitUntilExit()
  expect(written).not.toContain(LEAVE)
})
