import { addUp, DAYS, type DaySums, type Sums } from "../../../domain/dashboard.ts"

const DAY_MS = 86_400_000

/** Returns the UTC day of an instant. */
const dayOf = (ms: number) => new Date(ms).toISOString().slice(0, 10)

/** Returns the sums of each of the last days, today last, including days without rows. */
export function byDay(days: readonly DaySums[], now: number): Sums[] {
  const groups = Map.groupBy(days, ({ day }) => day)
  return Array.from({ length: DAYS }, (_, i) => addUp(groups.get(dayOf(now - (DAYS - 1 - i) * DAY_MS)) ?? []))
}

/** Returns the sums of each key over the last `length` days including today. */
export function byKey(days: readonly DaySums[], now: number, length: number): Map<string, Sums> {
  const first = dayOf(now - (length - 1) * DAY_MS)
  const groups = Map.groupBy(
    days.filter(({ day }) => day >= first),
    ({ key }) => key,
  )
  return new Map([...groups].map(([key, all]) => [key, addUp(all)]))
}
