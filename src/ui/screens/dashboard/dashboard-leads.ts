import { byDay, byKey, DAYS, dayBefore } from "../../../domain/dashboard.ts"
import type { Flood } from "../../../domain/recent.ts"
import { type Run, run } from "../../../domain/run.ts"
import { fit, type Shown, show, shown } from "../../../domain/safe-text.ts"
import type { ListQuery } from "../../kit/destinations.ts"
import { type MenuItem, menuScreen } from "../../kit/dialog/menu.tsx"
import type { Shell } from "../../kit/shell.ts"
import { grouped, money } from "../../widgets/format.ts"
import { MODEL_DAYS } from "./dashboard-breakdowns.ts"
import type { FigureName, PartStates } from "./dashboard-figures.ts"

/** What a line counts: the name of the place that lists it, for the key, and how to get there. */
export interface Lead {
  readonly to: "log" | "queue" | "registration" | "users" | "runs" | "models"
  readonly open: (shell: Shell) => void
}

/** The line of the gateway's traffic leads to the tab of its log. */
export const GATEWAY: Lead = {
  to: "log",
  open: ({ goTo, screens }) => {
    const log = screens.find(({ id }) => id === "log")
    if (log) goTo(log)
  },
}

export const QUEUE: Lead = { to: "queue", open: shell => shell.open("queue", undefined) }

export const REGISTRATION: Lead = { to: "registration", open: shell => shell.open("registration", undefined) }

/** Where a figure leads: to a menu of the days that it counts, or of the models that it is the sum of. */
export function leadOf(name: FigureName, parts: PartStates, now: number): Lead | undefined {
  if (name === "users" || name === "runs") return { to: name, open: shell => openDays(shell, name, parts, now) }
  if (name === "input" || name === "output" || name === "cost")
    return { to: "models", open: shell => openModels(shell, parts, now) }
  return undefined
}

/** Leads to the runs of today with a status, unless the console does not know the status. */
export function leadOfStatus(status: string | undefined, now: number): Lead | undefined {
  const known = run.shape.status.safeParse(status)
  return known.success ? { to: "runs", open: shell => openRunsOfToday(shell, known.data, now) } : undefined
}

const openRunsOfToday = (shell: Shell, status: Run["status"], now: number) =>
  shell.open("runsOf", { status, since: dayBefore(now, 0) })

/** Leads to the runs of today that failed with a class of error; those without one have no list of their own. */
export const leadOfError = (error_class: string | undefined, now: number): Lead | undefined =>
  error_class
    ? { to: "runs", open: shell => shell.open("runsOf", { error_class, since: dayBefore(now, 0) }) }
    : undefined

/** Leads to the users that a flood of new ones brought, from its highest hour on. */
export const leadOfFlood = ({ peak }: Flood): Lead => ({
  to: "users",
  open: shell => shell.open("usersOf", { since: new Date(peak.at).toISOString() }),
})

function openDays(shell: Shell, of: "users" | "runs", parts: PartStates, now: number): void {
  const open = (query: ListQuery) => shell.open(of === "users" ? "usersOf" : "runsOf", query)
  const sums = byDay(parts[of].reading?.days ?? [], now)
  const days = Array.from({ length: DAYS }, (_, before): MenuItem => {
    const day = dayBefore(now, before)
    const filter = before === 0 ? `since:${day}` : `since:${day} since>${dayBefore(now, before - 1)}`
    const count = grouped(sums[DAYS - 1 - before]?.count ?? 0n)
    return { text: line(before === 0 ? shown`today` : show(day), count), take: () => open({ filter }) }
  })
  const title = of === "users" ? "New users by day" : "Runs by day"
  shell.push(menuScreen, { title, items: [{ text: shown`all`, take: () => open({}) }, ...days] })
}

function openModels(shell: Shell, { usage }: PartStates, now: number): void {
  const models = [...byKey(usage.reading?.days ?? [], now, MODEL_DAYS)].sort(([, a], [, b]) => Number(b.cost - a.cost))
  const items = models.map(
    ([model, { cost }]): MenuItem => ({
      text: line(model === "" ? shown`-` : show(model, 64), money(cost)),
      ...(model === "" && { refused: "the usage names no model" }),
      take: () => shell.open("runsOf", { model, since: dayBefore(now, MODEL_DAYS - 1) }),
    }),
  )
  const byUser: MenuItem = {
    text: shown`cost by user`,
    take: () => shell.open("runUsers", { since: dayBefore(now, MODEL_DAYS - 1) }),
  }
  shell.push(menuScreen, { title: `Models by cost, ${MODEL_DAYS} days`, items: [...items, byUser] })
}

const line = (name: Shown, amount: Shown): Shown => shown`${fit(name, 40)} ${fit(amount, 12, "right")}`
