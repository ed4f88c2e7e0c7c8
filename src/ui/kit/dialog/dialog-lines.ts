import { shown } from "../../../domain/safe-text.ts"
import { type Piece, piece } from "../../widgets/line.tsx"

/** Content of a dialog: lines, or lines that scroll above fixed ones. */
export type DialogLines = readonly Piece[][] | ReadAbove

interface ReadAbove {
  readonly read: readonly Piece[][]
  /** Fields and buttons. */
  readonly below: readonly Piece[][]
  /** Identity of the text that scrolls; another one starts at its top. */
  readonly about?: string
}

/** Scroll position. */
export interface DialogScroll {
  readonly about: string
  /** First visible line. */
  readonly top: number
}

/** Fits the lines into `rows`: first blank lines go, then they scroll. */
export function fitted(lines: DialogLines, rows: number, kept: DialogScroll) {
  const { read, below, about = "" } = "read" in lines ? lines : { read: lines, below: [] }
  const room = Math.max(1, rows - below.length)
  const gap = "read" in lines ? [[]] : []
  if (read.length + gap.length <= room) return { about, top: 0, lines: [...read, ...gap, ...below], page: 0, lowest: 0 }
  const dense = read.length <= room ? read : read.filter(line => line.length > 0)
  const lowest = Math.max(0, dense.length - room)
  const top = kept.about === about ? Math.min(kept.top, lowest) : 0
  return { about, top, lines: [...scrolled(dense, room, top), ...below], page: Math.max(1, room - 1), lowest }
}

/** Returns the lines from `from` on in at most `rows`, with a note about those below. */
function scrolled(lines: readonly Piece[][], rows: number, from: number): readonly Piece[][] {
  const below = lines.length - rows - from
  const inSight = lines.slice(from, from + rows)
  return below <= 0 ? inSight : [...inSight.slice(0, -1), [piece(shown`↓ PgDn: ${below + 1} more lines`, "look")]]
}
