import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { afterEach, beforeEach, expect, vi } from "vitest"
import { readCommandLine } from "../../src/config/read-command-line.ts"
import { PROGRAM_OPTIONS } from "../../src/config/settings.ts"
import { readConfig } from "../../src/config.ts"
import { DeckError } from "../../src/domain/errors.ts"

/** The operator's home directory, and the configuration file in it. */
export let home: string
export let file: string

/** Makes both anew for each test of the file that calls this. */
export function newHomes(): void {
  beforeEach(() => {
    home = mkdtempSync(join(tmpdir(), "opsdeck-config-"))
    mkdirSync(join(home, ".config/opsdeck"), { recursive: true })
    file = join(home, ".config/opsdeck/config.json")
  })
  afterEach(() => {
    vi.unstubAllEnvs()
    rmSync(home, { recursive: true })
  })
}

export const URLS = { DATABASE_URL: "postgres://localhost/platform", REDIS_URL: "redis://localhost/0" }

export const config = (argv: string[], env: Record<string, string>) =>
  readConfig(readCommandLine(argv, PROGRAM_OPTIONS), { HOME: home, ...env })

export function profiles(content: unknown, mode = 0o600): void {
  writeFileSync(file, typeof content === "string" ? content : JSON.stringify(content))
  chmodSync(file, mode)
}

export function secret(name: string, content: string, mode = 0o600): string {
  const path = join(home, name)
  writeFileSync(path, content)
  chmodSync(path, mode)
  return path
}

export function refusal(work: () => unknown): string {
  try {
    work()
  } catch (error) {
    expect(error).toBeInstanceOf(DeckError)
    expect((error as DeckError).exitStatus).toBe(2)
    expect((error as DeckError).message).not.toContain("\n")
    return (error as DeckError).message
  }
  throw new Error("nothing was refused")
}

/** From now on the file is at `path`. */
export function moveFile(path: string): void {
  file = path
}
