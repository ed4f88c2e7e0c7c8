import type { HeldRow } from "../../../domain/hold.ts"
import { nameOrId } from "../../../domain/name-or-id.ts"
import { show, shown } from "../../../domain/safe-text.ts"
import { releaseAtGateway } from "../../../services/gateway/hold.ts"
import { listHolds } from "../../../services/gateway/holds.ts"
import { defineTable } from "../../kit/table/table-screen.tsx"
import { cellOf, NONE, TIME, textCell, timeCell } from "../../widgets/cells.ts"
import { grouped, shortIds, timeOfDay } from "../../widgets/format.ts"
import { type Piece, piece } from "../../widgets/line.tsx"

const named = ({ address, org_id }: HeldRow) => address ?? org_id ?? ""

/** What is held at the gateway, with the requests that were refused since. */
export const holdsScreen = defineTable({
  id: "holds",
  title: "Holds",
  summary: listHolds.summary,
  operation: listHolds,
  noun: ["hold", "holds"],
  empty: shown`Nothing is held.`,
  rowId: named,
  open: ({ address, org_id }: HeldRow, shell) =>
    shell.open("logOf", { filter: address === undefined ? `org:${org_id}` : `ip:${address}` }),
  bulk: {
    changes: [
      {
        key: "X",
        label: "release",
        help: "end the hold: its requests pass from the next one on",
        change: releaseAtGateway,
        input: ({ address, org_id }) => (address === undefined ? { org_id } : { address }),
      },
    ],
    name: row => nameOrId(row.org_name, named(row)),
  },
  columns: [
    {
      header: shown`HELD`,
      identity: true,
      width: 15,
      roomy: 39,
      cell: ({ address, org_id, org_name }) => textCell(address ?? nameOrId(org_name, `org ${shortIds(org_id ?? "")}`)),
    },
    { header: shown`UNTIL`, width: 8, cell: ({ until }) => piece(timeOfDay(until)) },
    { header: shown`REFUSED`, width: 7, align: "right", cell: ({ refused }) => cellOf(refused, grouped) },
    { header: shown`IN FORCE`, least: 8, width: 20, cell: forceCell },
    { header: shown`SINCE`, ...TIME, dropAs: 3, cell: ({ since }, room) => timeCell(since, room) },
    { header: shown`BY`, width: 12, roomy: 20, dropAs: 2, cell: ({ by }) => textCell(by) },
    { header: shown`NETWORK`, width: 18, dropAs: 4, cell: ({ network }) => textCell(network, "dim") },
    {
      header: shown`WHY`,
      width: "rest",
      roomy: 36,
      dropAs: 1,
      cell: ({ reason }) => (reason === null ? NONE : piece(show(reason, 512))),
    },
  ],
})

/** What is so at gateways without names, and at those that have them: first where it is not in force, then where nobody knows. */
function forceCell({ in_force, released_at, lacking = [], unknown = [] }: HeldRow): Piece {
  if (in_force === true) return piece(shown`yes`, "good")
  const isReleased = released_at !== undefined
  if (lacking.length === 0) {
    if (isReleased) return piece(in_force === null ? shown`maybe still` : shown`still`, "look")
    return in_force === null ? NONE : piece(shown`not yet`, "look")
  }
  const [not, maybe] = [lacking.filter(name => !unknown.includes(name)), unknown].map(names => names.join(", "))
  const parts = [
    not && `${isReleased ? "still" : "not"} ${not}`,
    maybe && `maybe ${isReleased && !not ? "still " : ""}${maybe}`,
  ]
  return piece(show(parts.filter(Boolean).join("; "), 256), "look")
}
