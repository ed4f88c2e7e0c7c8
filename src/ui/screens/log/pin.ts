import { type AccessLogEntry, rfc3339, shownTime } from "../../../domain/access-log.ts"
import { filterToText } from "../../../domain/access-log-filter.ts"
import { asDeckError } from "../../../domain/errors.ts"
import type { SeenLine } from "../../../domain/incident/incident-line.ts"
import { dimensionOf } from "../../../domain/movers/dimensions.ts"
import { show, shown } from "../../../domain/safe-text.ts"
import { windowText } from "../../../domain/time-window.ts"
import type { Binding } from "../../keys/binding.ts"
import type { Shell } from "../../kit/shell.ts"
import type { ChangesModel } from "./changes/use-changes.ts"
import type { MoversModel } from "./movers/use-movers.ts"

interface WithShell {
  readonly shell: Shell
}

const NONE_OPEN = "no incident is open: :incident start TEXT begins one"

/** In the footer while there is something to pin to. */
const key = {
  keys: ["P"],
  label: "pin",
  footer: ({ shell }: WithShell) => Boolean(shell.incidents.states.snapshot),
} as const

/** Returns the key that pins requests to the open incident: those that `of` finds, or why there is none. */
export const pinBinding = <Model extends WithShell>(
  help: string,
  of: (model: Model) => readonly AccessLogEntry[] | string,
): Binding<Model> => ({
  ...key,
  help,
  possible: model => {
    const entries = of(model)
    return typeof entries === "string" ? entries : isOpen(model)
  },
  run: model => {
    const entries = of(model)
    if (typeof entries !== "string")
      void pin(
        model.shell,
        entries.map(entry => lineOf(entry, model.shell)),
      )
  },
})

/** Key that pins the selected mover. */
export const pinMover: Binding<WithShell & { readonly movers: MoversModel }> = {
  ...key,
  help: "pin the selected row to the open incident, with how its requests fare",
  possible: model => (model.movers.row === undefined ? "no row is selected" : isOpen(model)),
  run: ({ movers: { row, minutes }, shell }) => {
    if (row === undefined) return
    const { value, count, refused, failed, p95 } = row.mover
    const filter = filterToText([dimensionOf(row.key).term(value)])
    const fared = { minutes, requests: count, refused, failed, p95 }
    const named = row.key === "user" ? (shell.names.states.snapshot.byId.get(value) ?? value) : value
    const line = { kind: "mover", at: rfc3339(Date.now()), dimension: row.key, value: named, filter, ...fared } as const
    void pin(shell, [line])
  },
}

/** Most values of a comparison that are pinned. */
const MOST_VALUES = 10

/** Key that pins what changed. */
export const pinChanges: Binding<ChangesModel> = {
  ...key,
  help: "pin this comparison to the open incident, with the values that explain most of it",
  possible: model => (model.answer === undefined ? "nothing was compared yet" : isOpen(model)),
  run: ({ answer, after, before, compared, names, shell }) => {
    if (answer === undefined) return
    const values = answer.data.slice(0, MOST_VALUES).map(({ dimension, value, ...row }) => ({
      dimension,
      value: (dimension === "user" ? names.get(value) : undefined) ?? value,
      before_per_s: row.before_per_s,
      after_per_s: row.after_per_s,
      share_of_change: row.share_of_change,
      since: row.since,
    }))
    const window = { since: rfc3339(after.fromMs), until: rfc3339(after.untilMs), with: windowText(before) }
    const rates = { before_per_s: answer.before_per_s, after_per_s: answer.after_per_s }
    const line = { kind: "changes", at: rfc3339(Date.now()), ...window, filter: compared, ...rates, values } as const
    void pin(shell, [line])
  },
}

const isOpen = ({ shell }: WithShell) => Boolean(shell.incidents.states.snapshot) || NONE_OPEN

/** A request stands on the timeline when it was made. */
function lineOf(entry: AccessLogEntry, { names }: Shell): SeenLine {
  const username = entry.username || names.states.snapshot.byId.get(entry.user_id) || ""
  const at = shownTime(entry) || rfc3339(Date.now())
  return { kind: "entry", at, entry: { ...entry, username } }
}

async function pin(shell: Shell, lines: readonly SeenLine[]): Promise<void> {
  const open = shell.incidents.states.snapshot
  try {
    const already = await shell.incidents.pin(lines)
    const id = show(open?.id ?? "")
    if (already === lines.length) {
      const what = lines.length === 1 ? shown`this is` : shown`these are`
      return shell.say(shown`${what} pinned already, to incident ${id}`, "look")
    }
    const what = lines.length === 1 ? shown`pinned` : shown`${lines.length - already} pinned`
    const others = already === 0 ? shown`` : shown`, ${already} were already`
    shell.say(shown`${what} to incident ${id}${others}`, "good")
  } catch (error) {
    shell.say(show(`not pinned: ${asDeckError(error).message}`), "act")
  }
}
