import { spawnSync } from "node:child_process"
import { mkdtempSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"

/** Whether there is libvterm's `unterm`: a terminal with left and right margins, which xterm.js does not have. */
export const hasUnterm: boolean = spawnSync("unterm", [], { stdio: "ignore" }).error === undefined

/** DL or IL as the frame writer scrolls by it. */
const SCROLL = /(?:\x1b\[1;(\d+)s)?\x1b\[(\d+);(\d+)r\x1b\[\d+H\x1b\[(\d+)([ML])\x1b\[r/g

/** Writes blanks where a terminal has cells without a character, which `unterm` leaves out. */
function withBlanks(output: string, columns: number, rows: number): string {
  const blankRows = (from: number, to: number, width: number) =>
    Array.from({ length: to - from + 1 }, (_, index) => `\x1b[${from + index}H${" ".repeat(width)}`).join("")
  return output
    .replaceAll("\x1b[2J", blankRows(1, rows, columns))
    .replaceAll("\x1b[K", `\x1b7${" ".repeat(columns)}\x1b8`)
    .replace(SCROLL, (scroll, width, top, bottom, count, way) => {
      const many = Math.min(Number(count), bottom - top + 1)
      const first = way === "M" ? bottom - many + 1 : Number(top)
      return scroll + blankRows(first, first + many - 1, Number(width ?? columns))
    })
}

/** What `unterm` reads at a time: of a character that is in two of these it knows nothing. */
const READ_SIZE = 1024

/** Characters of more than a byte whole in a read: NUL shows nothing. */
function inReads(output: string): Buffer {
  let length = 0
  const pieces: string[] = []
  for (const character of output) {
    const size = Buffer.byteLength(character)
    const room = READ_SIZE - (length % READ_SIZE)
    const filling = size > room ? room : 0
    pieces.push("\0".repeat(filling), character)
    length += filling + size
  }
  return Buffer.from(pieces.join(""))
}

/** The screen with its colours after `output` was written to a terminal of that size. */
export function screenAfter(output: string, columns: number, rows: number): string {
  const directory = mkdtempSync(join(tmpdir(), "opsdeck-unterm-"))
  try {
    const file = join(directory, "output")
    writeFileSync(file, inReads(withBlanks(output, columns, rows)))
    const { stdout, status } = spawnSync("unterm", ["-f", "sgr", "-c", `${columns}`, "-l", `${rows}`, file], {
      encoding: "utf8",
    })
    if (status !== 0) throw new Error(`unterm ended with status ${status}`)
    return stdout
  } finally {
    rmSync(directory, { recursive: true })
  }
}
