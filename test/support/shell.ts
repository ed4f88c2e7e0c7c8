import { readdirSync, readFileSync } from "node:fs"
import { join } from "node:path"
import { expect } from "vitest"
import { type Environment, root, starter } from "./program.ts"
import { Terminal } from "./terminal.ts"
import { MODES_AT_FIRST } from "./terminal-screen.ts"

/** How `stty -a` tells of a terminal that edits lines, echoes and turns Ctrl-C into a signal by itself. */
export const COOKED = /\bisig icanon iexten echo /

/** An interactive shell with job control, as an operator starts the console from. */
export async function openShell(env: Environment, size?: { columns: number; rows: number }): Promise<Terminal> {
  const shell = { NODE: process.execPath, OPSDECK: starter, PS1: "ready$ " }
  const terminal = Terminal.run(["bash", "--norc", "--noprofile", "-i"], { ...shell, ...env }, size)
  await terminal.see("ready$")
  // It would switch the mode on for its own prompt, and hide who left it on.
  terminal.type("bind 'set enable-bracketed-paste off'\r")
  await terminal.see(/off'\nready\$/)
  return terminal
}

/** Types what starts the console, with `redirections` behind it. */
export const startConsole = (terminal: Terminal, redirections = "") =>
  terminal.type(`"$NODE" "$OPSDECK" ${redirections}\r`)

/** What has the program fail of a bug once the file `when` exists (`crash-on-request`). */
export const crashing = (when: string, thread: "main" | "tail", by: "throw" | "rejection" | "render" = "throw") => ({
  NODE_OPTIONS: `--import=${join(root, "test/support/crash-on-request.mjs")}`,
  CRASH_IN: thread,
  CRASH_BY: by,
  CRASH_WHEN: when,
})

export const seePrompt = (terminal: Terminal) =>
  terminal.wait(() => !terminal.onAlternateScreen && terminal.screen.trimEnd().endsWith("ready$"), "no prompt")

/** Back at the shell's prompt, the terminal is as it was: no alternate screen, a cursor, no other mode, echo and line editing by the driver. */
export async function expectRestored(terminal: Terminal, status: number): Promise<void> {
  await seePrompt(terminal)
  terminal.type("echo status=$?; stty -a\r")
  await terminal.see(`status=${status}`, COOKED)
  expect(terminal.modes).toEqual(MODES_AT_FIRST)
}

/** The id of the console on `stream` that was started from `shell`. */
export const consoleUnder = (shell: Terminal, stream: string) =>
  processesOn(stream).find(id => id !== shell.process.pid) as number

/** Ids of the processes whose environment names `stream`. */
export const processesOn = (stream: string): number[] =>
  readdirSync("/proc")
    .filter(name => /^\d+$/.test(name))
    .filter(id => {
      try {
        return readFileSync(`/proc/${id}/environ`, "latin1").includes(stream)
      } catch {
        return false
      }
    })
    .map(Number)
