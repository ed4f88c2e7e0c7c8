import { ValueStore } from "../../domain/store.ts"

/** Time zone of displayed times: UTC, as everything is stored, or that of the machine that opsdeck runs on. */
export type Zone = "UTC" | "local"

/** Time zone of the whole console, shown on the top line; stored times and `--json` are always UTC. */
export const zone = new ValueStore<Zone>("UTC")

/** Returns the offset from UTC at an instant, in minutes; the instant in ms since the epoch. */
const ahead = (instant: number) => (zone.snapshot === "UTC" ? 0 : -new Date(instant).getTimezoneOffset())

/** Returns the suffix of a time for the zone: `Z`, or `+02:00`. */
export function zoneMark(instant: number): string {
  if (zone.snapshot === "UTC") return "Z"
  const minutes = ahead(instant)
  const [hours, rest] = [Math.floor(Math.abs(minutes) / 60), Math.abs(minutes) % 60]
  return `${minutes < 0 ? "-" : "+"}${String(hours).padStart(2, "0")}:${String(rest).padStart(2, "0")}`
}

/** Formats an instant to the millisecond in the zone: `2026-11-22T14:02:31.420`. */
export const clockTime = (instant: number): string =>
  new Date(instant + ahead(instant) * 60_000).toISOString().slice(0, -1)

/**
 * Converts an RFC 3339 time of UTC to the zone and keeps the length of its fraction; an invalid time stays as it is.
 */
export function zoned(time: string): string {
  const instant = Date.parse(time)
  if (zone.snapshot === "UTC" || Number.isNaN(instant)) return time
  const fraction = /\.\d+/.exec(time)?.[0] ?? ""
  return `${clockTime(instant).slice(0, -4)}${fraction}${zoneMark(instant)}`
}
