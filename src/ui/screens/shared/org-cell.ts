import { textCell } from "../../widgets/cells.ts"
import { shortIds } from "../../widgets/format.ts"
import type { Piece } from "../../widgets/line.tsx"

/** Draws an organization by its name, or by its id where that is blank or the organization is gone. */
export const orgCell = (name: string | null, id: string): Piece =>
  name?.trim() ? textCell(name) : textCell(shortIds(id), "dim")
