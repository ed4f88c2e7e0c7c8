import { cleanup, render } from "ink-testing-library"
import { afterEach, expect, test } from "vitest"
import { screens } from "../../src/ui/screens/index.ts"
import { Tabs } from "../../src/ui/shell/frame.tsx"

afterEach(cleanup)

const tabs = (columns: number) => render(<Tabs screens={screens} current="users" columns={columns} />).lastFrame()

test("every tab has its name where there is room, and on a narrow terminal its digit", () => {
  expect(tabs(100)).toContain("3 Users  4 Runs")
  const narrow = tabs(80)
  expect(narrow?.match(/\d/g)).toEqual(screens.map(({ digit }) => digit))
  expect(narrow).toContain("3 Users")
  expect(narrow).not.toContain("Runs")
})
