import { expect, test } from "vitest"
import { mouseInput, reportMouse } from "../../../src/ui/terminal/mouse.ts"

test("clicks and the wheel are read, with the keys held meanwhile or not; other buttons do nothing", () => {
  expect(["<0;5;12M", "<64;5;12M", "<69;5;12M"].map(report => mouseInput(`\x1b[${report}`))).toEqual([
    { kind: "click", row: 11 },
    { kind: "wheel", by: -1 },
    { kind: "wheel", by: 1 },
  ])
  for (const report of ["<0;5;12m", "<2;5;12M", "<35;5;12M", "0;5;12M", "M"]) {
    expect(mouseInput(`\x1b[${report}`)).toBeUndefined()
  }
})

test("the terminal reports as long as the alternate screen is on, and no longer", () => {
  let written = ""
  const reporting = reportMouse({
    write: text => {
      written += `${text.replace("\x1b[?", "")} `
    },
    end: () => {
      written += "end "
    },
  })
  for (const text of ["1049h", "1049l", "1049h"]) reporting.write(`\x1b[?${text}`)
  reporting.end()
  expect(written).toBe("1049h 1000h 1006h 1000l 1006l 1049l 1049h 1000h 1006h 1000l 1006l end ")
})
