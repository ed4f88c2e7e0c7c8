import { readEntryName } from "../../../domain/entry-name.ts"
import { type Shown, show, shown } from "../../../domain/safe-text.ts"
import type { Found, LogPlace, LogStep } from "../../../tail/protocol.ts"
import { grouped, timeOfDay } from "../../widgets/format.ts"

/** Says that there is no further burst. */
export const noBurst = (isRecorded: boolean, by: 1 | -1): Shown =>
  isRecorded
    ? shown`there is no further error burst ${by < 0 ? shown`before` : shown`after`} this row, in bars up to a week`
    : shown`there is no further error burst in the buffer`

/** Returns the message about a search that did not find the place itself. */
export function troubleOf({ ordinal, id, oldest, reach, older }: Found, place: LogPlace): Shown | undefined {
  if (ordinal !== null) {
    const isAnother = "id" in place && place.id !== id && place.id !== (id && readEntryName(id).id)
    return isAnother ? shown`${show(place.id)} is not among these rows: this is the next one` : undefined
  }
  if (older.state === "failed") return shown`older entries could not be read: ${show(older.reason)}`
  if (reach === null) return shown`nothing was read yet`
  const here = oldest === null ? shown`` : shown`; this is the oldest row`
  if (older.state === "beginning")
    return shown`nothing is older: ${beginningOf(older)} begins at ${timeOfDay(reach)}${here}`
  const further =
    older.state === "full" ? shown`narrow the filter to search further` : shown`the same again searches further`
  return shown`not found, searched back to ${timeOfDay(reach)}${here}; ${further}`
}

const beginningOf = ({ isOfHistory }: { readonly isOfHistory?: true }) =>
  isOfHistory ? shown`the history` : shown`the stream`

/** Returns the message about a step to a row that is not there; `nearest` looked both ways, first up. */
export function rowTrouble(
  { ordinal, reach, older, rows }: Found,
  { row, by }: LogStep,
  nearest: boolean,
): Shown | undefined {
  const what = row === "failed" ? shown`failed request` : shown`match`
  if (ordinal !== null) return nearest && by > 0 ? shown`no ${what} before this row: this is the next one` : undefined
  if (!nearest && by > 0) return shown`no ${what} after this row`
  if (older.state === "failed") return shown`older entries could not be read: ${show(older.reason)}`
  const where = nearest ? shown`in the ${grouped(rows)} requests held` : shown`before this row`
  if (reach === null) return shown`no ${what} ${where}`
  if (older.state === "beginning")
    return shown`no ${what} ${where}: ${beginningOf(older)} begins at ${timeOfDay(reach)}`
  const further = older.state === "full" ? shown`narrow the filter to search further` : shown`N searches further`
  return shown`no ${what} ${where}, back to ${timeOfDay(reach)}; ${row === "failed" ? shown`the same again searches further` : further}`
}
