import { Text } from "ink"
import { cleanup, render } from "ink-testing-library"
import { afterEach, expect, test, vi } from "vitest"
import RowOutput from "../../src/ui/terminal/row-output.ts"
import { until } from "../support/waiting.ts"

afterEach(cleanup)

test("the tests of screens draw as the program does: from rows, with React for production", async () => {
  const get = vi.spyOn(RowOutput.prototype, "get")
  const { lastFrame } = render(<Text>seen</Text>)
  await until(() => lastFrame() === "seen")
  expect(get).toHaveBeenCalled()
  expect(process.env.NODE_ENV).toBe("production")
  get.mockRestore()
})
