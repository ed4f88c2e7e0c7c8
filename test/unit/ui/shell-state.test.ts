import { expect, test } from "vitest"
import { defineScreen } from "../../../src/ui/kit/screen.ts"
import { currentStack, initialShellState, type ShellState, shellReducer } from "../../../src/ui/shell/shell-state.ts"

const screen = (id: string) =>
  defineScreen({ id, title: id, summary: id, tabKey: "1", bindings: [], useModel: () => ({}), Body: () => null })
const push = (state: ShellState, id: string, from?: number) =>
  shellReducer(state, { type: "push", screen: screen(id), params: undefined, ...(from !== undefined && { from }) })
const ids = (state: ShellState) => currentStack(state).map(place => place.screen.id)
const innermost = (state: ShellState) => currentStack(state).at(-1)?.key as number

test("a place that asks twice to be left is left once, and what was below it stays", () => {
  const form = push(initialShellState(screen("users")), "edit")
  const dialog = push(form, "action")
  const from = innermost(dialog)
  const left = shellReducer(dialog, { type: "back", from })
  expect(ids(left)).toEqual(["users", "edit"])
  expect(shellReducer(left, { type: "back", from })).toBe(left)
})

test("what a place opens too late is not opened over where somebody went since", () => {
  const log = initialShellState(screen("log"))
  const elsewhere = push(log, "help")
  expect(push(elsewhere, "entry", innermost(log))).toBe(elsewhere)
  expect(ids(push(log, "entry", innermost(log)))).toEqual(["log", "entry"])
})

test("a tab keeps its places while another is in sight", () => {
  const users = push(initialShellState(screen("users")), "user")
  const runs = shellReducer(users, { type: "tab", screen: screen("runs") })
  expect(ids(runs)).toEqual(["runs"])
  const back = shellReducer(runs, { type: "tab", screen: screen("users") })
  expect(ids(back)).toEqual(["users", "user"])
})

test("the tab in sight, gone to again, leaves what was opened over its own screen", () => {
  const list = initialShellState(screen("users"))
  const opened = push(push(list, "user"), "run")
  const left = shellReducer(opened, { type: "tab", screen: screen("users") })
  expect(currentStack(left)).toEqual(currentStack(list))
})
