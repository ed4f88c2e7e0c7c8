import type { Variables } from "./paths.ts"

/** The process as far as it says what its terminal can do. */
interface AtTerminal {
  readonly stdin: { readonly isTTY?: boolean }
  readonly stdout: { readonly isTTY?: boolean }
  readonly env: Variables
}

/** Returns why no console can be drawn there; undefined where one can. */
export function withoutConsole({ stdin, stdout, env }: AtTerminal): string | undefined {
  if (!stdin.isTTY || !stdout.isTTY || env.TERM === "dumb") return "the console needs a terminal"
  if (env.INK_SCREEN_READER && env.INK_SCREEN_READER !== "false") {
    return "INK_SCREEN_READER is set, and a screen reader cannot follow the console, which is drawn"
  }
  return undefined
}
