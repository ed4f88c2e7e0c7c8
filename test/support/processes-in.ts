import { readdirSync, readFileSync, readlinkSync } from "node:fs"

/**
 * The processes that work in `directory` or have it in their environment. Linux alone tells where a process works and
 * what its environment is; elsewhere there are none.
 */
export function processesIn(directory: string): { pid: number; command: string }[] {
  if (process.platform !== "linux") return []
  return readdirSync("/proc").flatMap(pid => {
    try {
      const traces = [readlinkSync(`/proc/${pid}/cwd`), readFileSync(`/proc/${pid}/environ`, "utf8")]
      if (!traces.some(trace => trace.includes(directory))) return []
      return { pid: Number(pid), command: readFileSync(`/proc/${pid}/cmdline`, "utf8").replaceAll("\0", " ").trim() }
    } catch {
      // No process, one that has ended meanwhile, or another user's.
      return []
    }
  })
}
