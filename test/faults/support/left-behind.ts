import { chmodSync, mkdtempSync, readdirSync, readFileSync, readlinkSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"

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
    const left = [...this.processes(), ...readdirSync(this.path)]
    rmSync(this.path, { recursive: true, force: true, maxRetries: 3 })
    return left
  }

  /** Linux alone tells where a process works and what its environment is; elsewhere the files have to do. */
  private processes(): string[] {
    if (process.platform !== "linux") return []
    return readdirSync("/proc").flatMap(pid => {
      try {
        const traces = [readlinkSync(`/proc/${pid}/cwd`), readFileSync(`/proc/${pid}/environ`, "utf8")]
        if (!traces.some(trace => trace.includes(this.path))) return []
        return `${pid} ${readFileSync(`/proc/${pid}/cmdline`, "utf8").replaceAll("\0", " ").trim()}`
      } catch {
        // No process, one that has ended meanwhile, or another user's.
        return []
      }
    })
  }
}
