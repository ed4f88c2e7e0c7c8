import { ValueStore } from "../../domain/store.ts"

/** Whose clocks times are read from: those of UTC, as everything is stored, or those of the machine that opsdeck runs on. */
export type Zone = "UTC" | "local"

/** One for the whole console, told on the top line; what is stored, and what `--json` prints, is UTC whatever it says. */
export const zone = new ValueStore<Zone>("UTC")

/** What the clocks are ahead of UTC at an instant, in minutes; the instant in ms since the epoch. */
const ahead = (instant: number) => (zone.snapshot === "UTC" ? 0 : -new Date(instant).getTimezoneOffset())

/** How the zone is written behind a time: `Z`, or `+02:00`. */
export function zoneMark(instant: number): string {
  if (zone.snapshot === "UTC") return "Z"
  const minutes = ahead(instant)
  const [hours, rest] = [Math.floor(Math.abs(minutes) / 60), Math.abs(minutes) % 60]
  return `${minutes < 0 ? "-" : "+"}${String(hours).padStart(2, "0")}:${String(rest).padStart(2, "0")}`
}

/** An instant to the millisecond as the clocks show it: `2026-11-22T14:02:31.420`. */
export const clockTime = (instant: number): string =>
  new Date(instant + ahead(instant) * 60_000).toISOString().slice(0, -1)

/** An RFC 3339 time of UTC as the clocks show it, its fraction as long as it was; what is no time stays as it is. */
export function zoned(time: string): string {
  const instant = Date.parse(time)
  if (zone.snapshot === "UTC" || Number.isNaN(instant)) return time
  const fraction = /\.\d+/.exec(time)?.[0] ?? ""
  return `${clockTime(instant).slice(0, -4)}${fraction}${zoneMark(instant)}`
}
