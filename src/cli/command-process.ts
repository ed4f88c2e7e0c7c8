import type { Variables } from "../config/paths.ts"

/** The part of `process` that a command uses, so that a command can also run within another program. */
export interface CommandProcess {
  readonly env: Variables
  readonly stdin: NodeJS.ReadableStream & { readonly isTTY?: boolean }
  readonly stdout: NodeJS.WritableStream & { readonly isTTY?: boolean }
  readonly stderr: NodeJS.WritableStream & { readonly isTTY?: boolean }
  readonly pid: number
  once(signal: "SIGINT" | "SIGTERM", listener: () => void): unknown
  off(signal: "SIGINT" | "SIGTERM", listener: () => void): unknown
  kill(pid: number, signal: "SIGINT"): unknown
}
