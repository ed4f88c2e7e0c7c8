import { fit, type Shown, show, shown, width } from "../../domain/safe-text.ts"
import { dateTime, shortDateTime } from "./format.ts"
import { type Piece, piece } from "./line.tsx"
import type { Tone } from "./theme.ts"

/** Cell of a missing value. */
export const NONE: Piece = piece(shown`-`, "dim")

/** Maximum number of bytes shown of a text: more than any cell has room for. */
export const CELL_BYTES = 512

/** Returns the cell of an untrusted text; a dash for none. */
export const textCell = (value: string | null, tone: Tone = "plain"): Piece =>
  value ? piece(show(value, CELL_BYTES), tone) : NONE

/** Returns the cell of a value formatted by `as`; a dash for none. */
export const cellOf = <Value>(value: Value | null, as: (value: Value) => Shown, tone: Tone = "plain"): Piece =>
  value === null ? NONE : piece(as(value), tone)

/** Widths of a time to the second, and of a short one. */
export const TIME = { width: 11, roomy: 19 } as const

/** Returns the cell of a time, as precise as `room` allows; a dash for none. */
export const timeCell = (time: string | null, room: number): Piece =>
  cellOf(time, room < TIME.roomy ? shortDateTime : dateTime, "dim")

/** Names of a user of the platform; null where unknown. */
export interface UserNames {
  readonly login: string | null
  readonly username: string | null
}

/** Returns the name of a user in one word: the login, which is unique, else the username. */
export const shortUserName = ({ login, username }: UserNames): string | null => login ?? username

/** Returns the login and the username of a user. */
export const fullUserName = ({ login, username }: UserNames): string | null =>
  login && username && login !== username ? `${login}  ${username}` : shortUserName({ login, username })

/** Width from which on a cell has room for login and name, and the width of the login. */
const BOTH_FROM = 28
const LOGIN = 16

/** Returns the cell of a user: the login and, where there is enough room, the name in a second column. */
export function userCell(person: UserNames, room: number): Piece {
  const called = textCell(shortUserName(person))
  if (room < BOTH_FROM || !person.login || !person.username || person.login === person.username) return called
  const [login] = called
  return piece(shown`${fit(login, Math.max(LOGIN, width(login)))} ${show(person.username, CELL_BYTES)}`)
}
