import { appendFileSync, chmodSync, mkdirSync, renameSync, statSync } from "node:fs"
import { dirname } from "node:path"
import { inspect } from "node:util"

const MAX_BYTES = 1_000_000

/** Where the program's own diagnostics go. */
export interface LogFile {
  readonly path: string
  /** Appends one line with the time in front, without secrets. Never throws: a full disk must not end the program. */
  write(...what: unknown[]): void
}

/** Log file at `path`, made with mode 0600 for the first line. Above 1 MB it becomes `path.1` and begins anew. */
export function openLogFile(path: string): LogFile {
  let ready = false
  const prepare = () => {
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 })
    appendFileSync(path, "", { mode: 0o600 })
    chmodSync(path, 0o600)
    ready = true
  }
  return {
    path,
    write(...what) {
      try {
        if (!ready) prepare()
        if (statSync(path).size > MAX_BYTES) renameSync(path, `${path}.1`)
        const text = what.map(part => (typeof part === "string" ? part : inspect(part))).join(" ")
        appendFileSync(path, `${new Date().toISOString()} ${withoutSecrets(text)}\n`, { mode: 0o600 })
      } catch {
        // There is nowhere left to say it.
      }
    },
  }
}

/** `text` with the passwords of URLs and every API key replaced. */
export const withoutSecrets = (text: string) =>
  text
    .replace(/(:\/\/[^\s:@/]*):\S*@/g, "$1:***@")
    .replace(/([?&](?:ssl)?password=)[^\s&"']*/g, "$1***")
    .replace(/\bak-[0-9a-f]{8,}/g, "ak-***")
