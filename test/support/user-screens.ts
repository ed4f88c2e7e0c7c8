import { type Gateway, newStream, numbered } from "./access-log.ts"
import type { Operations } from "./console.ts"
import type { Environment } from "./program.ts"
import type { Terminal } from "./terminal.ts"

/** Opens a console on a log of one entry; `env` changes single variables. */
export async function openConsole(
  operations: Operations,
  gateway: Gateway,
  env: Environment = {},
  size = { columns: 120, rows: 36 },
): Promise<Terminal> {
  const stream = newStream()
  await gateway.add(stream, numbered(1))
  const terminal = operations.open(stream, size, env)
  await terminal.see("● live")
  return terminal
}

/** The list of users with the one alone that has `name` in a name. */
export async function findUser(terminal: Terminal, name: string): Promise<void> {
  terminal.press("3")
  await terminal.see("LOGIN")
  terminal.press("/", "ctrl-u").type(name)
  await terminal.see("1 shown")
  terminal.press("enter")
  await terminal.see("S suspend")
  const seen = name.slice(0, 12) // The column may be narrower than the name.
  await terminal.wait(() => terminal.selected?.includes(seen) === true, `${seen} is not selected`)
}

/** The form of the user called `username`, with the keyboard in their name. */
export async function openForm(terminal: Terminal, username: string): Promise<void> {
  await findUser(terminal, username)
  terminal.press("enter")
  await terminal.see("User  ", "Organizations")
  terminal.press("e")
  await terminal.see("nothing changed", `name             ${username}`)
}

/** Types over the field that has the keyboard. */
export const retype = (terminal: Terminal, text: string) => terminal.press("ctrl-u").type(text)

/** Has the changes of a form read over: Enter saves them. */
export async function readyToSave(terminal: Terminal, reason = ""): Promise<void> {
  terminal.press("ctrl-s")
  await chooseIn(terminal, "[ Save ]", reason)
}

/** Asks to suspend the selected user: Enter does it. */
export async function readyToSuspend(terminal: Terminal): Promise<void> {
  terminal.press("S")
  await chooseIn(terminal, "[ Suspend ]")
}

async function chooseIn(terminal: Terminal, button: string, reason = ""): Promise<void> {
  await terminal.see("What happens", "[ Cancel ]")
  terminal.type(reason)
  terminal.press("tab", "tab")
  await terminal.see(button)
}
