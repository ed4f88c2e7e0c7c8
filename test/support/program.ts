import { type ChildProcessByStdio, spawn } from "node:child_process"
import { once } from "node:events"
import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join, resolve } from "node:path"
import type { Readable, Writable } from "node:stream"
import { text } from "node:stream/consumers"
import { onTestFinished } from "vitest"
import { until } from "./waiting.ts"

export const root = resolve(import.meta.dirname, "../..")
export const starter = join(root, "bin/opsdeck.js")

export type Environment = Readonly<Record<string, string | undefined>>

/** What a finished program left. */
export interface Outcome {
  readonly status: number | null
  readonly stdout: string
  readonly stderr: string
}

/** Runs the built program to its end, in an environment of its own and without a terminal. */
export async function opsdeck(argv: readonly string[], env: Environment = {}, starterPath = starter): Promise<Outcome> {
  const child = launch([starterPath, ...argv], env)
  const [stdout, stderr, [status]] = await Promise.all([text(child.stdout), text(child.stderr), once(child, "close")])
  return { status, stdout, stderr }
}

/** A program that goes on; it ends with the test at the latest. */
export interface Running {
  readonly process: ChildProcessByStdio<Writable, Readable, Readable>
  /** Lines of standard output so far. */
  readonly lines: string[]
  readonly stderr: () => string
  readonly status: Promise<number | null>
  /** Waits until standard output has `count` lines. */
  has(count: number): Promise<void>
}

/**
 * Starts the built program; its standard output is read as it comes, unless the test pauses the stream. With `take` its
 * lines are handed over and not kept.
 */
export function startOpsdeck(
  argv: readonly string[],
  env: Environment,
  take?: (line: string) => void,
  starterPath = starter,
): Running {
  const child = launch([starterPath, ...argv], env)
  const lines: string[] = []
  let rest = ""
  let errors = ""
  child.stdout.setEncoding("utf8").on("data", (chunk: string) => {
    const parts = (rest + chunk).split("\n")
    rest = parts.pop() as string
    if (take) parts.forEach(take)
    else lines.push(...parts)
  })
  child.stderr.setEncoding("utf8").on("data", (chunk: string) => {
    errors += chunk
  })
  return {
    process: child,
    lines,
    stderr: () => errors,
    status: once(child, "exit").then(([status]) => status),
    has: count => until(() => lines.length >= count).then(() => {}),
  }
}

/** A directory that ends with the test. */
export function temporaryDirectory(): string {
  const directory = mkdtempSync(join(tmpdir(), "opsdeck-test-"))
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }))
  return directory
}

function launch(argv: readonly string[], env: Environment) {
  const home = temporaryDirectory()
  const child = spawn(process.execPath, argv, {
    cwd: home,
    env: { PATH: process.env.PATH, HOME: home, ...env },
    stdio: ["pipe", "pipe", "pipe"],
  })
  onTestFinished(() => {
    child.kill("SIGKILL")
  })
  return child
}
