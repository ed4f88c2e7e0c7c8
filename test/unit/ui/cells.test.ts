import { expect, test } from "vitest"
import { timeCell, userCell } from "../../../src/ui/widgets/cells.ts"

const omer = { login: "omer.yilmaz44", username: "Ömer Yılmaz" }

test("somebody goes by their login, with the name beside it where there is room", () => {
  expect(userCell(omer, 20)[0]).toBe("omer.yilmaz44")
  expect(userCell(omer, 28)[0]).toBe("omer.yilmaz44    Ömer Yılmaz")
  expect(userCell({ ...omer, login: "a.login.longer.than.most" }, 28)[0]).toBe("a.login.longer.than.most Ömer Yılmaz")
})

test("somebody without a login goes by their name, and nobody is a dash", () => {
  expect(userCell({ ...omer, login: null }, 40)[0]).toBe("Ömer Yılmaz")
  expect(userCell({ login: "root", username: "root" }, 40)[0]).toBe("root")
  expect(userCell({ login: null, username: null }, 40)[0]).toBe("-")
})

test("a time has its seconds where there is room for them, and none is a dash", () => {
  expect(timeCell("2001-03-01T12:34:56.7Z", 19)[0]).toBe("2001-03-01 12:34:56")
  expect(timeCell("2001-03-01T12:34:56.7Z", 11)[0]).toBe("2001-03-01")
  expect(timeCell(null, 11)[0]).toBe("-")
})
