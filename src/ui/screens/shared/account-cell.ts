import type { Account } from "../../../domain/referral.ts"
import { fit, type Shown, show, shown, width } from "../../../domain/safe-text.ts"
import { CELL_BYTES, shortUserName, textCell, type UserNames, userCell } from "../../widgets/cells.ts"
import { shortIds } from "../../widgets/format.ts"
import { type Piece, piece } from "../../widgets/line.tsx"
import { personState } from "./states.ts"

/** Returns the short name of an account: login, name, or id where it is gone. */
export const accountName = (account: Account): Shown =>
  show(shortUserName(account) ?? shortIds(account.user_id), CELL_BYTES)

/** Draws an account, with its status unless it is active. */
export function accountCell(account: Account, room: number): Piece {
  if (account.status === "active") return textCell(shortUserName(account))
  const [state, tone] = personState(account.status)
  const name = accountName(account)
  return piece(shown`${fit(name, Math.max(0, Math.min(width(name), room - width(state) - 2)))}  ${state}`, tone)
}

/** Draws a user by login and, where there is room, name; by the id where both are gone. */
export const whoCell = (who: UserNames & Pick<Account, "user_id">, room: number): Piece =>
  shortUserName(who) ? userCell(who, room) : textCell(shortIds(who.user_id), "dim")
