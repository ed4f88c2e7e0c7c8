import { type Shown, show, shown, width } from "../../domain/safe-text.ts"
import { shortly, when } from "./format.ts"
import { type Piece, piece } from "./line.tsx"
import type { Tone } from "./theme.ts"

/** What stands where there is nothing. */
export const NONE: Piece = piece(shown`-`, "dim")

/** More than any cell has room for. */
const CELL_BYTES = 512

/** A text from outside, nothing of which is a dash. */
export const textCell = (value: string | null, tone: Tone = "plain"): Piece =>
  value ? piece(show(value, CELL_BYTES), tone) : NONE

/** A value as `as` writes it; a dash for none. */
export const cellOf = <Value>(value: Value | null, as: (value: Value) => Shown, tone: Tone = "plain"): Piece =>
  value === null ? NONE : piece(as(value), tone)

/** Columns of a time to the second, and of a short one. */
export const TIME = { width: 11, roomy: 19 } as const

/** A time as exactly as it has `room`; a dash for none. */
export const timeCell = (time: string | null, room: number): Piece =>
  cellOf(time, room < TIME.roomy ? shortly : when, "dim")

/** Somebody as the platform knows them; null for what is not known. */
export interface Named {
  readonly login: string | null
  readonly username: string | null
}

/** What somebody is called in one word: by login, which nobody shares with anybody, else by name. */
export const calledBy = ({ login, username }: Named): string | null => login ?? username

/** Somebody by login and then by name. */
export const bothNames = ({ login, username }: Named): string | null =>
  login && username && login !== username ? `${login}  ${username}` : calledBy({ login, username })

/** Somebody by login and, where both have `room`, by name as well. */
export function personCell(person: Named, room: number): Piece {
  const both = textCell(bothNames(person))
  return width(both[0]) <= room ? both : textCell(calledBy(person))
}
