import { fit, type Shown, show, shown, width, withoutMiddle } from "../../domain/safe-text.ts"
import { age, dateTime, day, shortDateTime } from "./format.ts"
import { type Piece, piece } from "./line.tsx"
import type { Tone } from "./theme.ts"

/** Cell of a missing value. */
export const NONE: Piece = piece(shown`-`, "dim")

/** Maximum number of bytes shown of a text: more than any cell has room for. */
export const CELL_BYTES = 512

/** Returns the cell of an untrusted text; a dash for none. */
export const textCell = (value: string | null, tone: Tone = "plain"): Piece =>
  value ? piece(show(value, CELL_BYTES), tone) : NONE

/** Returns the cell of an untrusted text whose beginning and end matter, as those of a path: cut in its middle. */
export function endsCell(value: string, room: number): Piece {
  const [half, isLong] = [CELL_BYTES / 2, value.length > CELL_BYTES]
  const [head, tail] = isLong ? [show(value.slice(0, half)), show(value.slice(-half))] : [show(value), shown``]
  const cut = withoutMiddle(isLong ? shown`${head}…${tail}` : head, room)
  // An id that was cut and the middle that is left out may meet.
  return value === "" ? NONE : piece(cut.replace(/…{2,}/, "…") as Shown)
}

/** Returns the cell of a value formatted by `as`; a dash for none. */
export const cellOf = <Value>(value: Value | null, as: (value: Value) => Shown, tone: Tone = "plain"): Piece =>
  value === null ? NONE : piece(as(value), tone)

/** Columns of an age after a blank, right-aligned. */
const AGE = 5

const withAge = (time: string, text: Shown): Shown =>
  shown`${text}${fit(age(Date.now() - Date.parse(time)), AGE, "right")}`

/** Widths of a time: short, short with its age, and to the second with its age. */
export const TIME = { least: 11, width: 11 + AGE, roomy: 19 + AGE } as const

/** Returns the cell of a time in the past, as precise as `room` allows; a dash for none. */
export function timeCell(time: string | null, room: number): Piece {
  if (room < TIME.width) return cellOf(time, shortDateTime, "dim")
  const format = room < TIME.roomy ? shortDateTime : dateTime
  return cellOf(time, exact => withAge(exact, fit(format(exact), room < TIME.roomy ? TIME.least : 19)), "dim")
}

/** Widths of a date, and of one with its age. */
export const DAY = { least: 10, width: 10 + AGE } as const

/** Returns the cell of a date in the past, with its age where there is room; a dash for none. */
export const dayCell = (time: string | null, room: number): Piece =>
  cellOf(time, exact => (room < DAY.width ? day(exact) : withAge(exact, day(exact))), "dim")

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

/** Width from which on a cell has room for login and name, and the width of the login; the same where there is plenty of room. */
const BOTH_FROM = 28
const LOGIN = 16
const ROOMY_FROM = 40
const ROOMY_LOGIN = 24

/** Returns the cell of a user: the login and, where there is enough room, the name in a second column. */
export function userCell(person: UserNames, room: number): Piece {
  const called = textCell(shortUserName(person))
  if (room < BOTH_FROM || !person.login || !person.username || person.login === person.username) return called
  const [login] = called
  const column = room < ROOMY_FROM ? LOGIN : ROOMY_LOGIN
  return piece(shown`${fit(login, Math.max(column, width(login)))} ${show(person.username, CELL_BYTES)}`)
}
