import { expect, test } from "vitest"
import { COPIED_AT_MOST, copyToClipboard } from "../../../src/ui/terminal/clipboard.ts"

function copied(text: string, env: NodeJS.ProcessEnv = {}): string[] {
  const written: string[] = []
  copyToClipboard(text, { write: (chunk: string | Uint8Array) => written.push(String(chunk)) > 0 }, env)
  return written
}

test("the text goes to the terminal's clipboard in one write", () => {
  const base64 = Buffer.from("ABCD\nüß\x1b").toString("base64")
  expect(copied("ABCD\nüß\x1b")).toEqual([`\x1b]52;c;${base64}\x07`])
})

test("within tmux it is offered to tmux and to the terminal around it", () => {
  expect(copied("x", { TMUX: "/tmp/tmux-0/default,1,0" })).toEqual([
    "\x1b]52;c;eA==\x07\x1bPtmux;\x1b\x1b]52;c;eA==\x07\x1b\\",
  ])
})

test("what no terminal takes is not sent, and it says so", () => {
  expect(copied("x".repeat(COPIED_AT_MOST))[0]?.length).toBeLessThanOrEqual(100_000)
  expect(() => copied("x".repeat(COPIED_AT_MOST + 1))).toThrow(/74989 bytes.*limit of 74988: save instead/)
  expect(() => copied("ü".repeat(COPIED_AT_MOST - 1))).toThrow(/save instead/)
})

test("a terminal that is known to have no clipboard is told of, and nothing is sent to it", () => {
  const lacking = [
    ...["dumb", "linux", "linux-16color", "screen.xterm-256color"].map(TERM => ({ TERM })),
    { TERM: "screen", STY: "1234.pts-0.host" },
  ]
  for (const env of lacking) expect(() => copied("x", env)).toThrow(/has no clipboard to copy to: save instead/)
  // As tmux says beyond SSH.
  expect(copied("x", { TERM: "screen-256color" })).toHaveLength(1)
  expect(copied("x", { TERM: "screen-256color", TMUX: "/tmp/tmux-0/default,1,0" })).toHaveLength(1)
  expect(copied("x", { TERM: "xterm-256color" })).toHaveLength(1)
})
