import { shown } from "../../../domain/safe-text.ts"
import { type IncidentRow, listIncidents } from "../../../services/incidents/incidents.ts"
import { defineTable } from "../../kit/table/table-screen.tsx"
import { TIME, textCell, timeCell } from "../../widgets/cells.ts"
import { grouped } from "../../widgets/format.ts"
import { piece } from "../../widgets/line.tsx"
import { incidentText } from "../shared/incident-text.tsx"

/** The incidents that were written down on this host. */
export const incidentsScreen = defineTable({
  id: "incidents",
  title: "Incidents",
  summary: listIncidents.summary,
  operation: listIncidents,
  noun: ["incident", "incidents"],
  empty: shown`No incident was written down on this host: C begins one.`,
  rowId: ({ id }) => id,
  open: ({ id }: IncidentRow, shell) => shell.open("incident", { id }),
  inside: [incidentText],
  bindings: [
    {
      keys: ["C"],
      label: "begin",
      footer: true,
      help: "begin to write an incident down",
      possible: ({ shell }) => !shell.incidents.states.snapshot || "one is open: end it first",
      run: ({ shell }) => shell.push(incidentText, { kind: "start", text: "" }),
    },
  ],
  columns: [
    { header: shown`ID`, identity: true, width: 7, cell: ({ id }) => textCell(id, "strong") },
    { header: shown`BEGAN`, ...TIME, cell: ({ since }, room) => timeCell(since, room) },
    {
      header: shown`ENDED`,
      ...TIME,
      dropAs: 1,
      cell: ({ until }, room) => (until === null ? piece(shown`open`, "look") : timeCell(until, room)),
    },
    { header: shown`BY`, width: 10, roomy: 20, dropAs: 2, after: 36, cell: ({ by }) => textCell(by) },
    { header: shown`NOTES`, width: 5, align: "right", dropAs: 4, cell: ({ notes }) => piece(grouped(notes)) },
    { header: shown`PINNED`, width: 6, align: "right", dropAs: 3, cell: ({ pinned }) => piece(grouped(pinned)) },
    { header: shown`WHAT`, width: "rest", least: 30, cell: ({ text }) => textCell(text) },
  ],
})
