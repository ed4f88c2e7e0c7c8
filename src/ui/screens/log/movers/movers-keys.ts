import { isUuid } from "../../../../domain/uuid.ts"
import type { Binding } from "../../../keys/binding.ts"
import { EVERY_MOTION, moving } from "../../../kit/moving.ts"
import type { Shell } from "../../../kit/shell.ts"
import { openHold } from "../../shared/hold.ts"
import { openSeenFrom } from "../seen-from.ts"
import { chooseOrder } from "./movers-order.ts"
import type { MoversModel } from "./use-movers.ts"

interface WithMovers {
  readonly movers: MoversModel
  readonly shell: Shell
}

const onMover = ({ movers }: WithMovers) => movers.row !== undefined || "no row is selected"

/** Keys that show and hide the panel and switch the keyboard, in the log and in the panel. */
export const panelBindings: readonly Binding<WithMovers>[] = [
  {
    keys: ["m"],
    label: "movers",
    footer: true,
    now: ({ movers }) => (movers.hasKeyboard ? "hide movers" : undefined),
    help: "go to the movers: addresses, networks, users and paths with most requests; again, hide them",
    run: ({ movers }) => movers.toggle(),
  },
  {
    keys: ["tab"],
    label: "other pane",
    now: ({ movers }) => (movers.hasKeyboard ? "to the log" : "to the movers"),
    help: "go to the movers, and back to the log",
    run: ({ movers }) => movers.dispatch({ type: "switch" }),
  },
]

const inSight = ({ movers }: WithMovers) => movers.columns > 0 || movers.isInstead

/** Keys of the movers' order and window, in the log too while they are beside it. */
export const orderBindings: readonly Binding<WithMovers>[] = [
  {
    keys: ["s"],
    label: "order",
    footer: true,
    help: "choose what the movers are ordered by: requests, refusals, failures, slowness or change, each way",
    possible: inSight,
    run: ({ movers, shell }) => chooseOrder(movers, shell),
  },
  {
    keys: ["~"],
    label: "reverse",
    help: "the movers in the opposite order: the lowest first; again, the highest",
    possible: inSight,
    run: ({ movers }) => movers.dispatch({ type: "reverse" }),
  },
  {
    keys: ["p"],
    label: "period",
    footer: true,
    help: "the movers' next period: 5, 15, 1 minutes",
    possible: inSight,
    run: ({ movers }) => movers.dispatch({ type: "window" }),
  },
]

/** Keys of the panel. */
export const moversBindings: readonly Binding<WithMovers>[] = [
  {
    keys: ["enter"],
    label: "only this",
    footer: true,
    help: "only the requests of the selected row or of the marked ones, in the log",
    possible: onMover,
    run: ({ movers }) => {
      movers.narrow(false)
      movers.dispatch({ type: "leave" })
    },
  },
  {
    keys: ["+"],
    label: "only this, stay",
    help: "only the requests of the selected row or of the marked ones; the movers of these",
    possible: onMover,
    run: ({ movers }) => movers.narrow(false),
  },
  {
    keys: ["u"],
    label: "user",
    footer: true,
    help: "the user of the selected row; of an address or a network a user who was seen from it",
    possible: ({ movers: { row } }) =>
      (row?.key === "user" && isUuid(row.mover.value)) ||
      row?.key === "ip" ||
      row?.key === "network" ||
      "only users, addresses and networks lead to users",
    run: ({ movers: { row }, shell }) => {
      if (row?.key === "user") shell.open("user", { id: row.mover.value })
      else if (row?.key === "ip") void openSeenFrom({ at: row.mover.value, kind: "address" }, shell)
      else if (row?.key === "network") void openSeenFrom({ at: row.mover.value, kind: "network" }, shell)
    },
  },
  {
    keys: ["H"],
    label: "hold",
    changes: true,
    footer: true,
    help: "hold the address or network of the selected row, or the marked ones, at the gateway: answered 429",
    possible: ({ movers }) => movers.holdable !== undefined || "only addresses and networks can be held",
    run: ({ movers, shell }) => movers.holdable && openHold([movers.holdable], shell),
  },
  {
    keys: ["S"],
    label: "suspend",
    changes: true,
    footer: true,
    help: "suspend the user of the selected row, or one signed in with its requests; boxes for keys, automation and runs",
    possible: onMover,
    run: ({ movers }) => movers.changeUser("suspend", "suspendUser"),
  },
  {
    keys: ["-"],
    label: "not this",
    footer: true,
    help: "no requests of the selected row or of the marked ones; the movers of the others",
    possible: onMover,
    run: ({ movers }) => movers.narrow(true),
  },
  {
    keys: ["}"],
    label: "next list",
    footer: true,
    help: "the first row of the next list: NETWORK, USER, PATH, ...",
    possible: onMover,
    run: ({ movers }) => movers.jump(1),
  },
  {
    keys: ["{"],
    label: "list before",
    help: "the first row of the list before",
    possible: onMover,
    run: ({ movers }) => movers.jump(-1),
  },
  {
    keys: [" "],
    label: "mark",
    footer: true,
    help: "mark or unmark the selected row; a row of another list starts over",
    possible: onMover,
    run: ({ movers }) => movers.mark(),
  },
  {
    keys: ["v"],
    label: "unfold",
    now: ({ movers }) => (movers.only === undefined ? undefined : "fold"),
    footer: true,
    help: "up to 100 movers of this dimension; again, all dimensions",
    possible: model => model.movers.only !== undefined || onMover(model),
    run: ({ movers: { only, row, dispatch } }) => {
      if (only !== undefined) dispatch({ type: "fold" })
      else if (row) dispatch({ type: "unfold", key: row.key })
    },
  },
  {
    keys: ["esc"],
    label: "to the log",
    now: ({ movers }) => (movers.marked ? "drop marks" : movers.only === undefined ? undefined : "back"),
    footer: true,
    help: "drop all marks; else all dimensions, or back to the log; keeps the filter",
    run: ({ movers }) =>
      movers.dispatch({ type: movers.marked ? "unmark" : movers.only === undefined ? "leave" : "fold" }),
  },
  ...orderBindings,
  {
    keys: ["y"],
    label: "copy",
    footer: true,
    help: "copy the value of the selected row",
    possible: onMover,
    run: ({ movers }) => movers.copy(),
  },
  {
    keys: ["X"],
    label: "cancel runs",
    changes: true,
    help: "cancel all running runs of the user of the selected row, or of one signed in with its requests",
    possible: onMover,
    run: ({ movers }) => movers.changeUser("cancel the runs of", "cancelRunsOfUser"),
  },
  {
    keys: ["T"],
    label: "threshold",
    footer: true,
    help: "simulate rejecting at the median risk of these requests; nothing is saved",
    possible: onMover,
    run: ({ movers }) => movers.tryThreshold(),
  },
  ...moving(EVERY_MOTION, ({ movers }: WithMovers) => movers),
]
