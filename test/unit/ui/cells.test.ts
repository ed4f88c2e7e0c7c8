import { afterEach, expect, test, vi } from "vitest"
import { timeCell, userCell } from "../../../src/ui/widgets/cells.ts"

const omer = { login: "omer.yilmaz44", username: "Ömer Yılmaz" }

test("somebody goes by their login, with the name beside it where there is room", () => {
  expect(userCell(omer, 20)[0]).toBe("omer.yilmaz44")
  expect(userCell(omer, 28)[0]).toBe("omer.yilmaz44    Ömer Yılmaz")
  expect(userCell({ ...omer, login: "a.login.longer.than.most" }, 28)[0]).toBe("a.login.longer.than.most Ömer Yılmaz")
  // Where there is plenty of room names stand in one column.
  expect(userCell(omer, 60)[0]).toBe("omer.yilmaz44            Ömer Yılmaz")
  expect(userCell({ ...omer, login: "a.login.longer.than.most" }, 60)[0]).toBe("a.login.longer.than.most Ömer Yılmaz")
})

test("somebody without a login goes by their name, and nobody is a dash", () => {
  expect(userCell({ ...omer, login: null }, 40)[0]).toBe("Ömer Yılmaz")
  expect(userCell({ login: "root", username: "root" }, 40)[0]).toBe("root")
  expect(userCell({ login: null, username: null }, 40)[0]).toBe("-")
})

afterEach(() => void vi.useRealTimers())

test("a time has its age and its seconds where there is room for them, and none is a dash", () => {
  const time = "2001-03-01T12:34:56.7Z"
  vi.setSystemTime("2001-03-13T12:00:00Z")
  expect(timeCell(time, 24)[0]).toBe("2001-03-01 12:34:56  12d")
  expect(timeCell(time, 16)[0]).toBe("03-01 12:34  12d")
  expect(timeCell(time, 11)[0]).toBe("03-01 12:34")
  vi.setSystemTime("2004-03-13T12:00:00Z")
  expect(timeCell(time, 16)[0]).toBe("2001-03-01    3y")
  expect(timeCell(null, 11)[0]).toBe("-")
})
