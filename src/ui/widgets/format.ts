import { Decimal } from "../../domain/decimal.ts"
import { groupDigits } from "../../domain/grouped.ts"
import { type Shown, show } from "../../domain/safe-text.ts"
import { clockTime, zone, zoned, zoneMark } from "./zone.ts"

const own = (text: string) => text as Shown

/** Formats `12345` as `12 345`; the digits of a fraction stay together. */
export function grouped(number: number | bigint | Decimal): Shown {
  return own(groupDigits(number))
}

/** Formats an estimate with two digits and a unit: `1.2 M`, `34 k`. */
export function roughly(number: number): Shown {
  const rounded = Number(number.toPrecision(2))
  const step = Math.min(UNITS.length - 1, Math.max(0, Math.floor(Math.log10(Math.max(1, rounded)) / 3)))
  return own(`${Number((rounded / 1000 ** step).toPrecision(2))}${UNITS[step]}`)
}

const UNITS = ["", " k", " M", " G", " T", " P", " E"]

/** Formats a large number with four digits and a unit: `150.0 G`; whole below 100 000. */
export function compact(number: bigint): Shown {
  if (number < 100_000n) return grouped(number)
  let value = Number(number)
  let unit = 0
  // 999.95 with one decimal would round to a thousand.
  for (; value >= 999.95 && unit < UNITS.length - 1; unit++) value /= 1000
  return own(`${value.toFixed(1)}${UNITS[unit]}`)
}

/** Formats US dollars to the cent, from 10^-8 dollars; `<$ 0.01` for a positive amount that rounds to zero. */
export function money(cost: bigint): Shown {
  const cents = (cost + 500_000n) / 1_000_000n
  if (cost > 0n && cents === 0n) return own("<$ 0.01")
  return own(`$ ${grouped(cents / 100n)}.${String(cents % 100n).padStart(2, "0")}`)
}

/**
 * Formats milliseconds in at most five columns: `42ms`, `1.2s`, `1m34`, `14m`, `2h05`, `14h`, `3d`. What is not said of a minute
 * or of a larger unit is cut off, never rounded up.
 */
export function duration(ms: number | null): Shown {
  if (ms === null) return own("-")
  if (Math.round(ms) < 1000) return own(`${Math.round(ms)}ms`)
  if (ms < 9950) return own(`${(ms / 1000).toFixed(1)}s`)
  const seconds = Math.floor(ms / 1000)
  if (!(seconds >= 60)) return own(`${Math.min(59, Math.round(ms / 1000))}s`)
  if (seconds < 3600) return inTwo(seconds, "m")
  return seconds < 48 * 3600 ? inTwo(Math.floor(seconds / 60), "h") : own(`${Math.floor(seconds / 86_400)}d`)
}

/** Minutes with seconds, or hours with minutes: below ten of the larger unit, the smaller one behind it in two digits. */
function inTwo(count: number, name: string): Shown {
  const whole = Math.floor(count / 60)
  return own(whole < 10 ? `${whole}${name}${String(count % 60).padStart(2, "0")}` : `${whole}${name}`)
}

/** Formats milliseconds with a second unit from a minute on: `42ms`, `1.2s`, `3m 12s`, `2h 5m`, `3d 4h`; cut off, not rounded. */
export function exactDuration(ms: number): Shown {
  const seconds = Math.floor(ms / 1000)
  if (!(seconds >= 60)) return duration(ms)
  const units = [
    [86_400, "d"],
    [3600, "h"],
    [60, "m"],
    [1, "s"],
  ] as const
  const first = units.findIndex(([unit]) => seconds >= unit)
  const parts = units.slice(first, first + 2).map(([unit, name], at) => {
    const count = Math.floor((at === 0 ? seconds : seconds % (units[first] as (typeof units)[number])[0]) / unit)
    return count === 0 ? "" : `${count}${name}`
  })
  return own(parts.filter(Boolean).join(" "))
}

/** Formats a span of time in its largest whole unit, in at most four columns: `6s`, `14m`, `3h`, `12d`, `3y`; `-` for an invalid time. */
export function age(ms: number): Shown {
  if (Number.isNaN(ms)) return own("-")
  const seconds = Math.max(0, Math.round(ms / 1000))
  if (seconds < 90) return own(`${seconds}s`)
  if (seconds < 90 * 60) return own(`${Math.round(seconds / 60)}m`)
  if (seconds < 48 * 3600) return own(`${Math.round(seconds / 3600)}h`)
  const days = Math.round(seconds / 86_400)
  return own(days < 1000 ? `${days}d` : `${Math.round(days / 365)}y`)
}

/** Formats how far a time is from now: `3m ago`, `in 12d`; `-` for an invalid time. */
export function fromNow(time: string): Shown {
  const ms = Date.now() - Date.parse(time)
  return own(ms < 0 ? `in ${age(-ms)}` : Number.isNaN(ms) ? "-" : `${age(ms)} ago`)
}

/** Formats a time to the second, or completely, with how far it is from now: `2026-11-22 14:02:31  3m ago`. */
export const dateTimeFromNow = (time: string, precise = false): Shown =>
  own(`${dateTime(time, precise)}  ${fromNow(time)}`)

/** Formats a share of 0 to 1 as whole per cent; `<1%` for a positive share that rounds to zero. */
export const percent = (share: number): Shown => own(share > 0 && share < 0.005 ? "<1%" : `${Math.round(share * 100)}%`)

export { shortIds } from "../../domain/uuid.ts"

/**
 * Formats a number per second: two decimals below 0.1, one below ten, `<0.01` for a positive number that rounds to
 * zero.
 */
export function frequency(perSecond: number): Shown {
  if (perSecond > 0 && perSecond < 0.005) return own("<0.01")
  if (perSecond > 0 && perSecond < 0.095) return own(perSecond.toFixed(2))
  return perSecond > 0 && perSecond < 9.95 ? own(perSecond.toFixed(1)) : grouped(Math.round(perSecond))
}

/** Formats a rate as `12/s`. */
export const rate = (perSecond: number): Shown => own(`${frequency(perSecond)}/s`)

/** Formats the time of day: `14:02:30` or, with `precise`, `14:02:30.420`; `-` for an invalid time. */
export function timeOfDay(time: number | string, precise = false): Shown {
  const instant = new Date(time).getTime()
  return Number.isNaN(instant) ? own("-") : own(clockTime(instant).slice(11, precise ? 23 : 19))
}

/** Formats an RFC 3339 time to the second, `2026-11-22 14:02:31`; with `precise` completely, with the zone. */
export const dateTime = (time: string, precise = false): Shown =>
  show(
    zoned(time)
      .slice(0, precise ? undefined : 19)
      .replace("T", " "),
  )

/** Formats a time with the zone: `2026-11-22 14:02:31 UTC`. */
export const dateTimeInZone = (time: string): Shown =>
  show(`${dateTime(time)} ${zone.snapshot === "UTC" ? "UTC" : zoneMark(Date.parse(time))}`)

/** Formats the date of an RFC 3339 time: `2026-11-22`. */
export const day = (time: string): Shown => show(zoned(time).slice(0, 10))

/** Formats a time in 11 columns: `11-22 14:02` in this year, otherwise the date. */
export function shortDateTime(time: string): Shown {
  const there = zoned(time)
  const isThisYear = there.startsWith(clockTime(Date.now()).slice(0, 5))
  return show(isThisYear ? there.slice(5, 16).replace("T", " ") : there.slice(0, 10))
}

/** Formats US dollars to a hundredth of a cent, with all digits of the whole part. */
export const dollars = (amount: Decimal): Shown => grouped(new Decimal(Number(amount).toFixed(4)))

/** Shortens what is said of a server out of reach, beside words that say that it is: `us.example:6379: connection refused`. */
export const causeText = (reason: string): Shown => show(reason.replace(/^\w+ at (\S+) cannot be reached: /, "$1: "))
