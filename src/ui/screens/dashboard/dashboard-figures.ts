import { addUp, byDay, NOT_RECORDED, PARTS, type Part, type Sums } from "../../../domain/dashboard.ts"
import type { DeckError } from "../../../domain/errors.ts"
import { type Shown, show, shown } from "../../../domain/safe-text.ts"
import type { Reading } from "../../../services/dashboard/dashboard-reader.ts"
import { age, compact, grouped, money, percent } from "../../widgets/format.ts"
import { piece } from "../../widgets/line.tsx"

/** Reading of one table, and the failure of the last attempt. */
export interface PartState {
  readonly reading: Reading | undefined
  readonly failure: DeckError | undefined
}

export type PartStates = Readonly<Record<Part, PartState>>

interface Kind {
  readonly label: Shown
  readonly part: Part
  readonly value: (total: Sums) => Shown
  /** Of all rows, today's, and those of the last seven days. */
  readonly context: (spans: Readonly<Record<"total" | "today" | "week", Sums>>) => Shown
  readonly series?: (day: Sums) => bigint
}

const KINDS = {
  users: {
    label: shown`Users`,
    part: "users",
    value: ({ count }) => grouped(count),
    context: ({ week }) => shown`+${grouped(week.count)} this week`,
    series: ({ count }) => count,
  },
  active: {
    label: shown`Active, 30d`,
    part: "users",
    value: ({ active }) => grouped(active),
    context: ({ total }) => shown`${percent(Number(total.active) / (Number(total.count) || 1))} of users`,
  },
  orgs: {
    label: shown`Organizations`,
    part: "orgs",
    value: ({ count }) => grouped(count),
    context: ({ week }) => shown`+${grouped(week.count)} this week`,
  },
  runs: {
    label: shown`Runs`,
    part: "runs",
    value: ({ count }) => grouped(count),
    context: ({ today }) => shown`+${grouped(today.count)} today`,
    series: ({ count }) => count,
  },
  input: {
    label: shown`Tokens in`,
    part: "usage",
    value: ({ input }) => compact(input),
    context: ({ today }) => shown`+${compact(today.input)} today`,
    series: ({ input }) => input,
  },
  output: {
    label: shown`Tokens out`,
    part: "usage",
    value: ({ output }) => compact(output),
    context: ({ today }) => shown`+${compact(today.output)} today`,
    series: ({ output }) => output,
  },
  cost: {
    label: shown`Cost`,
    part: "usage",
    value: ({ cost }) => money(cost),
    context: ({ today }) => shown`+${money(today.cost)} today`,
    series: ({ cost }) => cost,
  },
} as const satisfies Record<string, Kind>

export type FigureName = keyof typeof KINDS

/** Number with its context, which replaces an empty one, and its values of the last days, today last, if there are any. */
export type Figure = ReturnType<typeof figure>

/** Returns a figure at `now`: `~` marks an estimate, an age one that could not be read again. */
export function figure(name: FigureName, parts: PartStates, now: number) {
  const { label, part, value, context, series }: Kind = KINDS[name]
  const { reading, failure } = parts[part]
  const none = { label, value: piece(shown`-`, "dim"), series: [] }
  if (!reading) return { ...none, context: failure ? piece(shown`▲ not read`, "act") : piece(shown`counting…`, "dim") }
  const { totals: total, readAt, isExact } = reading
  if (name === "active" && total.recorded === 0n)
    return { ...none, value: piece(shown``), context: piece(show(NOT_RECORDED), "dim") }
  const days = byDay(reading.days, now)
  const beside = context({ total, today: addUp(days.slice(-1)), week: addUp(days.slice(-7)) })
  return {
    label,
    value: piece(isExact ? value(total) : shown`~${value(total)}`, failure ? "dim" : "strong"),
    context: failure ? piece(shown`▲ ${age(now - readAt)} old`, "act") : piece(beside, "dim"),
    series: series ? days.map(day => Number(series(day))) : [],
  }
}

const PART_NAMES: Readonly<Record<Part, Shown>> = {
  users: shown`users`,
  orgs: shown`organizations`,
  runs: shown`runs`,
  usage: shown`tokens and cost`,
}

/** Returns each failure once, with the tables concerned unless it is all. */
export function troubles(parts: PartStates): Shown[] {
  const reasons = PARTS.flatMap(part => {
    const trouble = parts[part].failure ?? parts[part].reading?.trouble
    return trouble ? [{ name: PART_NAMES[part], reason: trouble.message }] : []
  })
  return [...Map.groupBy(reasons, ({ reason }) => reason)].map(([reason, all]) =>
    all.length === PARTS.length
      ? shown`▲ ${show(reason)}`
      : shown`▲ ${show(all.map(({ name }) => name).join(", "))}: ${show(reason)}`,
  )
}
