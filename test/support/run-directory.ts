import { type ChildProcessByStdio, spawn } from "node:child_process"
import { chmodSync, mkdtempSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import type { Writable } from "node:stream"

/** Names the directory of a run to the processes of the run. */
export const RUN_DIRECTORY = "OPSDECK_RUN_DIRECTORY"

/** As a global setup of vitest: everything temporary of a run lies in one directory, unless who started it made one. */
export default function setup(): void {
  if (process.env[RUN_DIRECTORY] === undefined) openRunDirectory()
}

/**
 * Makes a directory for everything temporary from now on, of this process and of those that it starts. Once this process
 * has ended, in whatever way, what still runs there is ended and the directory removed (`run-owner.ts`).
 */
export function openRunDirectory(): string {
  const path = mkdtempSync(join(tmpdir(), "opsdeck-run-"))
  // PostgreSQL runs as somebody else where we are root, and has to get through here to its data.
  chmodSync(path, 0o711)
  startOwner(path)
  process.env.TMPDIR = path
  process.env[RUN_DIRECTORY] = path
  return path
}

/** In a session of its own: a Ctrl-C at the terminal is not for it. This process holds the only other end of its pipe. */
function startOwner(path: string): void {
  const owner: ChildProcessByStdio<Writable, null, null> = spawn(
    process.execPath,
    [join(import.meta.dirname, "run-owner.ts"), path],
    { cwd: "/", env: { PATH: process.env.PATH }, detached: true, stdio: ["pipe", "ignore", "ignore"] },
  )
  owner.unref()
  ;(owner.stdin as Writable & { unref(): void }).unref()
}
