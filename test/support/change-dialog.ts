import { vi } from "vitest"
import { changeDialog } from "../../src/ui/kit/change/change-dialog.tsx"
import { changeUser, preview } from "./fake-changes.ts"
import { type FakeDeck, openConsole, opening } from "./test-console.tsx"

/** What a change answers once it is done. */
export const done = { answer: null, steps: [{ what: "status" }, { what: "audit 7d1e…" }] }
/** Input of the change of the dialog. */
export const input = { id: "8f2c", status: "suspended" }

/** The dialog that suspends alice, opened over `deck`. */
export function openDialog(deck: FakeDeck, size?: { columns: number; rows: number }) {
  const params = { change: changeUser, input, options: ["revoke_keys"] }
  const change = vi.fn(deck.change ?? (async () => done))
  const screen = opening(shell => shell.push(changeDialog, params))
  const terminal = openConsole([screen], { preview: async () => preview(), ...deck, change }, size)
  terminal.press("o")
  return { ...terminal, change }
}
