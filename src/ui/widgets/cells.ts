import { fit, type Shown, show, shown, width } from "../../domain/safe-text.ts"
import { shortly, when } from "./format.ts"
import { type Piece, piece } from "./line.tsx"
import type { Tone } from "./theme.ts"

/** What stands where there is nothing. */
export const NONE: Piece = piece(shown`-`, "dim")

/** More than any cell has room for. */
export const CELL_BYTES = 512

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

/** Columns from which on a cell has room for login and name, and those of the login. */
const BOTH_FROM = 28
const LOGIN = 16

/** Somebody by login and, where there is much room, by name as well, one below the other. */
export function personCell(person: Named, room: number): Piece {
  const called = textCell(calledBy(person))
  if (room < BOTH_FROM || !person.login || !person.username || person.login === person.username) return called
  const [login] = called
  return piece(shown`${fit(login, Math.max(LOGIN, width(login)))} ${show(person.username, CELL_BYTES)}`)
}
