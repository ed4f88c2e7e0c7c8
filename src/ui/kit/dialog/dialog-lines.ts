import { shown } from "../../../domain/safe-text.ts"
import { type Piece, piece } from "../../widgets/line.tsx"

/** Lines of a dialog: all alike, or those that are read above others that stay in sight. */
export type DialogLines = readonly Piece[][] | ReadAbove

interface ReadAbove {
  readonly read: readonly Piece[][]
  /** What is filled in, and buttons. */
  readonly below: readonly Piece[][]
  /** What is read; something else is read from its top on. */
  readonly about?: string
}

/** Where somebody is in what does not fit. */
export interface DialogScroll {
  readonly about: string
  /** The first line in sight. */
  readonly top: number
}

/** A dialog's lines in the rows that there are, and how they can be scrolled: by how much, and how far. */
interface Fitted extends DialogScroll {
  readonly lines: readonly Piece[][]
  readonly page: number
  readonly lowest: number
}

/** The lines in at most `rows`; where there is little room the blank ones go first, then they are scrolled. */
export function fitted(lines: DialogLines, rows: number, kept: DialogScroll): Fitted {
  const { read, below, about = "" } = "read" in lines ? lines : { read: lines, below: [] }
  const room = Math.max(1, rows - below.length)
  const gap = "read" in lines ? [[]] : []
  if (read.length + gap.length <= room) return { about, top: 0, lines: [...read, ...gap, ...below], page: 0, lowest: 0 }
  const dense = read.length <= room ? read : read.filter(line => line.length > 0)
  const lowest = Math.max(0, dense.length - room)
  const top = kept.about === about ? Math.min(kept.top, lowest) : 0
  return { about, top, lines: [...scrolled(dense, room, top), ...below], page: Math.max(1, room - 1), lowest }
}

/** `lines` in at most `rows`, from the line `from` on; what is left out below is told. */
function scrolled(lines: readonly Piece[][], rows: number, from: number): readonly Piece[][] {
  const below = lines.length - rows - from
  const inSight = lines.slice(from, from + rows)
  return below <= 0 ? inSight : [...inSight.slice(0, -1), [piece(shown`↓ PgDn: ${below + 1} more lines`, "look")]]
}
