import { DeckError } from "../../domain/errors.ts"

/** Longest sequence: many terminals silently drop a longer one. */
const SEQUENCE_AT_MOST = 100_000

/** Maximum size of a copied text, in bytes of UTF-8. */
export const COPIED_AT_MOST = Math.floor((SEQUENCE_AT_MOST - 16) / 4) * 3

/**
 * Copies `text` to the clipboard of the operator's terminal (OSC 52), also through SSH and tmux. Terminals do not
 * report success. Written to the console's `stdout` like every frame, so that it never lands within one. Throws
 * DeckError "invalid" for more than COPIED_AT_MOST, "unavailable" where the terminal is known to have no clipboard.
 */
export function copyToClipboard(
  text: string,
  stdout: Pick<NodeJS.WriteStream, "write">,
  env: NodeJS.ProcessEnv = process.env,
): void {
  const lacking = withoutClipboard(env)
  if (lacking !== undefined) throw new DeckError("unavailable", `${lacking} has no clipboard to copy to: save instead`)
  const bytes = Buffer.from(text)
  if (bytes.length > COPIED_AT_MOST) {
    throw new DeckError(
      "invalid",
      `${bytes.length} bytes exceed the terminal's limit of ${COPIED_AT_MOST}: save instead`,
    )
  }
  const sequence = `\x1b]52;c;${bytes.toString("base64")}\x07`
  stdout.write(env.TMUX ? sequence + throughTmux(sequence) : sequence)
}

/**
 * Name of this kind of terminal, if it is known not to support OSC 52; inside tmux, tmux decides. A plain TERM=screen
 * is what tmux announces to remote hosts, too: only STY, or the dot, identifies GNU screen itself.
 */
function withoutClipboard({ TERM = "", TMUX, STY }: NodeJS.ProcessEnv): string | undefined {
  if (TERM === "dumb") return "a dumb terminal"
  if (TMUX) return undefined
  if (/^linux\b/.test(TERM)) return "the Linux console"
  return STY || TERM.startsWith("screen.") ? "GNU screen" : undefined
}

/** Depending on its settings tmux handles the one (set-clipboard) or passes the other on (allow-passthrough). */
const throughTmux = (sequence: string) => `\x1bPtmux;${sequence.replaceAll("\x1b", "\x1b\x1b")}\x1b\\`
