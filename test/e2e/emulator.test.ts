import { expect, test } from "vitest"
import { Terminal } from "../support/terminal.ts"

test("a character whose bytes come in two chunks is on the screen", async () => {
  const halves = "stty -echo; printf 'ab\\342\\200'; read line; printf '\\246 end'; read line"
  const terminal = Terminal.run(["sh", "-c", halves], {})
  await terminal.see("ab")
  terminal.press("enter")
  await terminal.see("end")
  expect(terminal.screen).toMatch(/^ab… end/)
})
