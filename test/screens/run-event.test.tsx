import { expect, test, vi } from "vitest"
import { openConsole, opening } from "../support/test-console.tsx"

const ID = "11111111-2222-3333-4444-555555555555"
const FIRST = {
  ...{ seq: 5n, ts: "2026-03-01T12:00:00Z", type: "llm.request", tool_name: null, error_class: null },
  data: { model: "claude-x", payload: { bytes: 7 }, tags: ["one", "two"] },
}
const SECOND = {
  ...FIRST,
  seq: 9n,
  type: "llm.turn.completed",
  error_class: "overloaded",
  data: { usage: { input: 1 } },
}

async function openEvents() {
  const run = async (_: unknown, { after }: { after?: string }) => ({ data: [after === "4" ? FIRST : SECOND] })
  const opener = opening(shell => shell.open("runEvent", { run_id: ID, seqs: ["5", "9"] }))
  const terminal = openConsole([opener], { run: run as never }, { columns: 80, rows: 24 })
  terminal.press("o")
  await terminal.see("claude-x")
  return terminal
}

test("the data of both events stands under their titles, and folds at the cursor and all at once", async () => {
  const { press, see, gone, body, frame } = await openEvents()
  expect(body().slice(2)).toMatchInlineSnapshot(`
    [
      "   error            overloaded",
      "",
      " ▌ ▾ llm.request  2026-03-01 12:00:00Z  seq 5",
      "   ▾ {",
      "       "model": "claude-x",",
      "     ▾ "payload": {",
      "         "bytes": 7",
      "       },",
      "     ▾ "tags": [",
      "         "one",",
      "         "two"",
      "       ]",
      "     }",
      "   ▾ llm.turn.completed  2026-03-01 12:00:00Z  seq 9",
      "   ▾ {",
      "     ▾ "usage": {",
      "         "input": 1",
      "       }",
      "     }",
    ]
  `)
  press("down", "down", "down", "enter")
  await see('"payload": { 1 member }')
  press("v")
  await gone("{ 1 member }")
  expect(frame()).toContain('"bytes": 7')
  press("v")
  await see("[ 2 items ]", "{ 1 member }", "unfold all")
})

test("a search counts the lines with the text, goes from one to the next and opens what hides it", async () => {
  const { press, see, gone } = await openEvents()
  press("v")
  await see('"tags": [ 2 items ]')
  press("/")
  press(..."TWO")
  await see("find TWO")
  press("enter")
  await see('"two"', "1 of 1", "n next match", "N previous match", "Esc end search")
  press("f")
  press(..."zzz")
  press("enter")
  await see("TWOzzz  not found")
  press("esc")
  await gone("not found")
})

test("the selected value is copied, or an event as scripts have it", async () => {
  const copied: string[] = []
  vi.stubEnv("TERM", "xterm-256color")
  vi.stubEnv("TMUX", "")
  const write = vi.spyOn(process.stdout, "write").mockImplementation(((text: string) => {
    const [, base64] = /^\x1b\]52;c;(.*)\x07$/.exec(String(text)) ?? []
    if (base64 !== undefined) copied.push(Buffer.from(base64, "base64").toString())
    return true
  }) as typeof process.stdout.write)
  const { press, see } = await openEvents()
  press("down", "down", "down", "y")
  await see("the selected value")
  press("G", "enter")
  await see("sent to the clipboard")
  press("y", "enter")
  await vi.waitFor(() => expect(copied).toHaveLength(2))
  write.mockRestore()
  expect(copied[0]).toBe('{"bytes":7}')
  expect(JSON.parse(copied[1] as string)).toMatchObject({ seq: 5, type: "llm.request", data: { model: "claude-x" } })
})
