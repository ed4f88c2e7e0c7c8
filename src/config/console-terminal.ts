import type { Variables } from "./paths.ts"

/** The process as far as it says what its terminal can do. */
interface AtTerminal {
  readonly stdin: { readonly isTTY?: boolean }
  readonly stdout: { readonly isTTY?: boolean }
  readonly env: Variables
}

/** Returns why no console can be drawn there; undefined where one can. */
export function withoutConsole({ stdin, stdout, env }: AtTerminal): string | undefined {
  if (!stdin.isTTY || !stdout.isTTY) return "the console needs a terminal (over SSH: ssh -t)"
  if (env.TERM === "dumb") return "the console needs a terminal, and TERM is dumb"
  if (env.INK_SCREEN_READER && env.INK_SCREEN_READER !== "false") {
    return "INK_SCREEN_READER is set, and a screen reader cannot follow the console, which is drawn"
  }
  return undefined
}

/** Names of terminals with 256 colours, as their terminfo entries have it; Node knows some of them alone. */
const HAS_256 =
  /-256color|-direct$|^(?:alacritty|contour|foot|ghostty|iterm|kitty|mintty|ms-terminal|nsterm|rio|terminator|terminology|wezterm|xterm-ghostty)/i

/** Says with how many bits a terminal has its colours: 1 (none), 4, 8 or 24. SSH tells the other host nothing but TERM. */
export function colourBits(stream: { getColorDepth(env?: object): number }, env: Variables): number {
  const said = stream.getColorDepth(env)
  return HAS_256.test(env.TERM ?? "") ? Math.max(said, stream.getColorDepth({ ...env, TERM: "xterm-256color" })) : said
}
