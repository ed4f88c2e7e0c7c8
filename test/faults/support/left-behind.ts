import { chmodSync, mkdtempSync, readdirSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { processesIn } from "../../support/processes-in.ts"

/**
 * A directory for everything temporary from now on, of this process and of those that it starts: what still runs
 * in it or with it in its environment, or lies in it, was left behind.
 */
export class OwnDirectory {
  readonly path = mkdtempSync(join(tmpdir(), "opsdeck-faults-"))
  private readonly before = process.env.TMPDIR

  constructor() {
    process.env.TMPDIR = this.path
    // PostgreSQL runs as somebody else where we are root, and has to get through here to its data.
    chmodSync(this.path, 0o711)
  }

  /** Removes it; answers what was left behind: processes by their command line, files by their name. */
  close(): string[] {
    if (this.before === undefined) delete process.env.TMPDIR
    else process.env.TMPDIR = this.before
    const left = [...processesIn(this.path).map(({ pid, command }) => `${pid} ${command}`), ...readdirSync(this.path)]
    rmSync(this.path, { recursive: true, force: true, maxRetries: 3 })
    return left
  }
}
