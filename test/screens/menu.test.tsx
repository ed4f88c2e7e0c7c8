import { expect, test } from "vitest"
import { show } from "../../src/domain/safe-text.ts"
import { menuScreen } from "../../src/ui/kit/dialog/menu.tsx"
import { openConsole, opening } from "../support/test-console.tsx"

test("a menu is as wide as what there is to choose, where the terminal is", async () => {
  const long = `address 2604:a880:3a80:93d5::5426:b854: ${"requests without a valid token ".repeat(3)}end`
  const items = ["first", long].map(text => ({ text: show(text), take: () => {} }))
  const open = async (columns: number) => {
    const screen = opening(shell => shell.push(menuScreen, { title: "Hold at the gateway", items }))
    const { press, see, body } = openConsole([screen], {}, { columns, rows: 20 })
    await press("o")
    await see("Hold at the gateway", "first")
    return body().join("\n")
  }
  expect(await open(160)).toContain(long)
  expect(await open(80)).toMatch(/address 2604:a880:.*… │/)
})
