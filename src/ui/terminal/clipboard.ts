import { DeckError } from "../../domain/errors.ts"

/** What a terminal takes at once: many drop a longer sequence whole, without a word. */
const SEQUENCE_AT_MOST = 100_000

/** The most that can be copied, in bytes of UTF-8. */
export const COPIED_AT_MOST = Math.floor((SEQUENCE_AT_MOST - 16) / 4) * 3

/**
 * Puts `text` on the clipboard of the operator's terminal (OSC 52), also through SSH and tmux. Whether it takes it, it
 * does not tell. Goes out by way of the console's `stdout`, like every frame, so that it never lands within one. Throws DeckError
 * "invalid" for more than COPIED_AT_MOST, "unavailable" where the terminal is known to have no clipboard.
 */
export function copyToClipboard(
  text: string,
  stdout: Pick<NodeJS.WriteStream, "write">,
  env: NodeJS.ProcessEnv = process.env,
): void {
  const lacking = withoutClipboard(env)
  if (lacking !== undefined) throw new DeckError("unavailable", `${lacking} has no clipboard to copy to: save it`)
  const bytes = Buffer.from(text)
  if (bytes.length > COPIED_AT_MOST) {
    throw new DeckError(
      "invalid",
      `that is ${bytes.length} bytes, and a terminal takes ${COPIED_AT_MOST} at most: save it`,
    )
  }
  const sequence = `\x1b]52;c;${bytes.toString("base64")}\x07`
  stdout.write(env.TMUX ? sequence + throughTmux(sequence) : sequence)
}

/**
 * What kind of terminal this is, where it is one that takes no OSC 52; tmux answers for what is around it. A plain
 * TERM=screen is what tmux says to hosts beyond it, too: only GNU screen itself is told by STY, or by the dot.
 */
function withoutClipboard({ TERM = "", TMUX, STY }: NodeJS.ProcessEnv): string | undefined {
  if (TERM === "dumb") return "a terminal of the kind dumb"
  if (TMUX) return undefined
  if (/^linux\b/.test(TERM)) return "the Linux console"
  return STY || TERM.startsWith("screen.") ? "GNU screen" : undefined
}

/** Depending on its settings tmux takes the one (set-clipboard) or hands the other on (allow-passthrough). */
const throughTmux = (sequence: string) => `\x1bPtmux;${sequence.replaceAll("\x1b", "\x1b\x1b")}\x1b\\`
