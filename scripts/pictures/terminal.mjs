// A terminal for the scripts that take pictures: the built program on a pseudo-terminal, read by an emulator.
import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join, resolve } from "node:path"
import { setTimeout as sleep } from "node:timers/promises"
import { spawn } from "@lydell/node-pty"
import xterm from "@xterm/headless"

const PROGRAM = resolve(import.meta.dirname, "../../bin/opsdeck.js")
const PATIENCE_MS = 30_000
/** What a program takes to read again for another size. */
const RESIZE_MS = 1200
/** Between two keys of a path. */
const KEY_MS = 150

/** What a program reads for keys that are no character. */
const KEYS = {
  enter: "\r",
  esc: "\x1b",
  tab: "\t",
  down: "\x1b[B",
  up: "\x1b[A",
  "ctrl-u": "\x15",
  "ctrl-s": "\x13",
  "ctrl-x": "\x18",
  space: " ",
}

/** A mode of terminals: while it is on, a frame is being drawn. */
const SYNCHRONIZED_UPDATE = 2026

/**
 * Starts opsdeck with `argv` in a terminal of `columns` x `rows`, with a home of its own. `end` ends both.
 * @param {readonly string[]} argv
 * @param {{ columns: number, rows: number, env?: Record<string, string> }} options
 */
export function openTerminal(argv, { columns, rows, env = {} }) {
  const home = mkdtempSync(join(tmpdir(), "opsdeck-pictures-"))
  const emulator = new xterm.Terminal({ cols: columns, rows, allowProposedApi: true })
  const program = spawn(process.execPath, [PROGRAM, ...argv], {
    cols: columns,
    rows,
    cwd: home,
    env: { PATH: process.env.PATH, HOME: home, TERM: "xterm-256color", LANG: "C.UTF-8", ...env },
  })
  let drawing = false
  for (const final of ["h", "l"]) {
    emulator.parser.registerCsiHandler({ prefix: "?", final }, modes => {
      if (modes.flat().includes(SYNCHRONIZED_UPDATE)) drawing = final === "h"
      return false
    })
  }
  program.onData(text => emulator.write(text))
  const exited = new Promise(done => program.onExit(done))

  /** The rows of the screen as text. */
  const lines = () => {
    const { active } = emulator.buffer
    return Array.from(
      { length: emulator.rows },
      (_, row) => active.getLine(active.viewportY + row)?.translateToString(true) ?? "",
    )
  }
  /** Waits until `condition` holds for a whole frame. */
  const until = async (condition, complaint) => {
    const deadline = Date.now() + PATIENCE_MS
    while (drawing || !condition()) {
      if (Date.now() > deadline) throw new Error(`${complaint}; the screen was:\n${lines().join("\n")}`)
      await sleep(15)
    }
  }
  /** Waits until each of `what`, texts and patterns, is on the screen. */
  const see = async (...what) => {
    for (const one of what) await until(() => isIn(lines().join("\n"), one), `did not see ${one}`)
  }
  const press = (...keys) => {
    for (const key of keys) program.write(KEYS[key] ?? key)
  }
  /** Types as a person does. */
  const type = async text => {
    for (const character of text) {
      program.write(character)
      await sleep(50)
    }
  }
  return {
    emulator,
    lines,
    until,
    see,
    press,
    type,
    /** Goes the way of a scene on the background `theme`; `run` runs the commands on it. */
    async walk(path, theme, run) {
      for (const step of path) {
        if (step instanceof RegExp) await see(step)
        else if (typeof step === "string") {
          press(step)
          await sleep(KEY_MS)
        } else if ("typed" in step) await type(step.typed)
        else run(step.command(theme))
      }
    },
    /** Gives the terminal another size, and waits until it is drawn. */
    async resize(size) {
      emulator.resize(size.columns, size.rows)
      program.resize(size.columns, size.rows)
      await sleep(RESIZE_MS)
      // The clock ends the first row, a column before its end.
      const isDrawn = () => lines()[0]?.trimEnd().length === size.columns - 1
      await until(isDrawn, `did not draw in ${size.columns} columns`)
    },
    /** Goes to the first mover below `heading`, with the keyboard in their panel. */
    async goToMover(heading) {
      const panel = () => lines().map(line => line.split("│").at(1) ?? "")
      const selected = () => panel().findLastIndex(line => line.startsWith("▌"))
      const first = () => panel().findIndex(line => line.startsWith(` ${heading}`)) + 1
      while (selected() !== first()) {
        const before = selected()
        program.write(before < first() ? "j" : "k")
        await until(() => selected() !== before, `did not go to ${heading}`)
        await sleep(120)
      }
    },
    async end() {
      program.kill("SIGTERM")
      await exited
      emulator.dispose()
      rmSync(home, { recursive: true, force: true })
    },
  }
}

const isIn = (screen, what) => (typeof what === "string" ? screen.includes(what) : what.test(screen))
