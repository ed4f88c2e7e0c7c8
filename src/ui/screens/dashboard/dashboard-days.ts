import { addUp, DAYS, type DaySums, type Sums } from "../../../domain/dashboard.ts"

const DAY_MS = 86_400_000

/** The UTC day of an instant, as the readings name it. */
const dayOf = (ms: number) => new Date(ms).toISOString().slice(0, 10)

/** The sums of each of the last days, oldest first and today last; days without rows are there, too. */
export function byDay(days: readonly DaySums[], now: number): Sums[] {
  const groups = Map.groupBy(days, ({ day }) => day)
  return Array.from({ length: DAYS }, (_, i) => addUp(groups.get(dayOf(now - (DAYS - 1 - i) * DAY_MS)) ?? []))
}

/** The sums of each key over the last `length` days, today included. */
export function byKey(days: readonly DaySums[], now: number, length: number): Map<string, Sums> {
  const first = dayOf(now - (length - 1) * DAY_MS)
  const groups = Map.groupBy(
    days.filter(({ day }) => day >= first),
    ({ key }) => key,
  )
  return new Map([...groups].map(([key, all]) => [key, addUp(all)]))
}
