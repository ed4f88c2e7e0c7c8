import { spawnSync } from "node:child_process"
import { readFileSync } from "node:fs"
import { WriteStream } from "node:tty"
import { describe, expect, test } from "vitest"
import { colourBits } from "../../../src/config/console-terminal.ts"
import { InputTokenizer } from "../../../src/ui/terminal/input-tokenizer.ts"
import { keyNames } from "../../../src/ui/terminal/key-names.ts"

/** What opsdeck cannot do without, as terminfo writes it: to place the cursor, to erase, to scroll some rows. */
const WRITTEN = {
  cup: "\\E[%i%p1%d;%p2%dH",
  cuf: "\\E[%p1%dC",
  csr: "\\E[%i%p1%d;%p2%dr",
  el: "\\E[K",
  ed: "\\E[J",
  rev: "\\E[7m",
  bold: "\\E[1m",
}
/** How it scrolls, which a VT100 cannot. */
const SCROLLS = { dl: "\\E[%p1%dM", il: "\\E[%p1%dL" }
/** What it writes wherever it is, and some terminals, or their entries, do not have. */
const IGNORED = { dim: "\\E[2m", civis: "\\E[?25l", rmam: "\\E[?7l" }

const KEYS = {
  ...{ kcuu1: "up", kcud1: "down", kcub1: "left", kcuf1: "right", khome: "home", kend: "end" },
  ...{ kpp: "pageup", knp: "pagedown", kdch1: "delete", kcbt: "shift-tab", kbs: "backspace", kent: "enter" },
  ...{ kf1: "f1", kf2: "f2", kf3: "f3", kf4: "f4" },
  // F5 does what Ctrl-R does.
  ...{ kf5: "ctrl-r", kf6: "f6", kf10: "f10", kf12: "f12" },
  ...{ kLFT5: "ctrl-left", kRIT5: "ctrl-right", kLFT3: "alt-left", kRIT3: "alt-right" },
}
/** A keypad's, which no keyboard of today sends; and Alt with arrows where these are sent as words are moved by. */
const OTHER_KEYS: Readonly<Record<string, readonly string[]>> = {
  vt100: ["kf5", "kf6", "kf10", "kent"],
  vt102: ["kf5", "kf6", "kf10", "kent"],
  "nsterm-256color": ["kLFT3", "kRIT3"],
  nsterm: ["kLFT3", "kRIT3"],
}

const rows = Array.from(
  readFileSync("docs/terminals.md", "utf8").matchAll(/^\| `([\w.-]+)` \| (\d+) \|/gm),
  ([, name = "", colours = ""]) => [name, Number(colours)] as const,
)

/** The terminfo entry of a terminal without its pauses; undefined where this machine has none, or no terminfo. */
function entryOf(name: string): Readonly<Record<string, string>> | undefined {
  const { status, stdout } = spawnSync("infocmp", ["-1", "-x", name], { encoding: "utf8" })
  if (status !== 0) return undefined
  const capabilities = stdout.replace(/\$<[^>]*>/g, "").matchAll(/^\t(\w+)[=#](.*),$/gm)
  return Object.fromEntries(Array.from(capabilities, ([, capability, value]) => [capability, value]))
}

/** The characters of a value of terminfo. */
const characters = (value: string) =>
  value.replace(/\\E|\\(\d{3})|\^(.)|\\(.)/g, (_, octal?: string, control?: string, itself?: string) => {
    if (octal !== undefined) return String.fromCharCode(Number.parseInt(octal, 8))
    if (control !== undefined) return control === "?" ? "\x7f" : String.fromCharCode(control.charCodeAt(0) & 31)
    return itself ?? "\x1b"
  })

function pressed(sequence: string): string[] {
  const names: string[] = []
  const tokenizer = new InputTokenizer(0, tokens => {
    for (const token of tokens) if (token.kind !== "paste") names.push(...keyNames(token))
  })
  tokenizer.take(Buffer.from(sequence, "latin1"))
  return names
}

test("the table has the terminals that people have", () => {
  expect(rows.length).toBeGreaterThan(25)
})

test.each(rows)("%s has as many colours as the table says", (name, colours) => {
  const stream = { getColorDepth: WriteStream.prototype.getColorDepth }
  expect(colourBits(stream, { TERM: name }) >= 8).toBe(colours === 256)
  expect(colourBits(stream, { TERM: name, NO_COLOR: "1" })).toBe(1)
})

// Debian has the entries in ncurses-base, ncurses-term, kitty-terminfo and foot-terminfo.
describe.each(rows.map(([name, colours]) => [name, colours, entryOf(name)] as const).filter(([, , entry]) => entry))(
  "%s, by its terminfo entry",
  (name, colours, entry = {}) => {
    test("understands what opsdeck writes", () => {
      const needed = { ...WRITTEN, ...(name === "vt100" || name === "vt102" ? {} : SCROLLS) }
      for (const [capability, sequence] of Object.entries(needed)) expect(entry[capability]).toContain(sequence)
      for (const [capability, sequence] of Object.entries(IGNORED)) {
        if (capability in entry) expect(entry[capability]).toContain(sequence)
      }
      expect(Number(entry.colors ?? 0) >= 256).toBe(colours === 256)
    })

    test("sends keys that opsdeck knows", () => {
      const known = Object.entries(KEYS).filter(([key]) => key in entry && !OTHER_KEYS[name]?.includes(key))
      expect(known.map(([key]) => [key, pressed(characters(entry[key] as string))])).toEqual(
        known.map(([key, name]) => [key, [name]]),
      )
    })
  },
)
