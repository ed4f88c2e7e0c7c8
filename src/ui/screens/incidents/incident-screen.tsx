import { useQuery, useQueryClient } from "@tanstack/react-query"
import { Box } from "ink"
import { asDeckError } from "../../../domain/errors.ts"
import { CORRECTED, PINNED, type TimelinePlace } from "../../../domain/incident/timeline.ts"
import { type Shown, show, shown, width } from "../../../domain/safe-text.ts"
import type { Deck } from "../../../services/deck.ts"
import { correctIncident, titleIncident, unpinIncident } from "../../../services/incidents/correct-incident.ts"
import { endIncident, startIncident } from "../../../services/incidents/incidents.ts"
import { listTimeline, showIncident } from "../../../services/incidents/show-incident.ts"
import { selectionBindings, useSelection } from "../../kit/detail/selection.ts"
import { askScreen } from "../../kit/dialog/ask.tsx"
import { fileName, type PlainText } from "../../kit/export/file-format.ts"
import { type Saving, saveBinding } from "../../kit/export/save.tsx"
import type { Source } from "../../kit/export/source.ts"
import { useQuietRefresh } from "../../kit/refresh.ts"
import { defineScreen, type Size } from "../../kit/screen.ts"
import { type Shell, useShell } from "../../kit/shell.ts"
import { readAgain } from "../../runtime/query.ts"
import { useStore } from "../../runtime/use-store.ts"
import { Line, type Piece, piece, spreadKeeping } from "../../widgets/line.tsx"
import { MARK } from "../../widgets/table.tsx"
import { incidentText } from "../shared/incident-text.tsx"
import { lastsText, rowLines } from "./incident-lines.ts"

type IncidentModel = ReturnType<typeof useIncident>

const START = "start "
const TITLE = "title "
const CORRECT = "correct "

/** One incident: its timeline, the newest first, read again while it is looked at. */
export const incidentScreen = defineScreen<{ readonly id: string }, IncidentModel>({
  id: "incident",
  title: "Incident",
  summary: "the timeline of an incident: notes, pins, alerts, filters, and what operators changed",
  argument: {
    behind: "incident",
    expects: "start TEXT, title TEXT, correct TEXT, unpin, end, or an id",
    choices: [START, TITLE, CORRECT, "unpin", "end"],
    accepts: text => ![START, TITLE, CORRECT].some(word => text === word.trim()),
    read: async (text, deck, signal) => {
      if (text.startsWith(START)) return deck.run(startIncident, { text: text.slice(START.length) }, { signal })
      if (text.startsWith(TITLE)) return deck.run(titleIncident, { text: text.slice(TITLE.length) }, { signal })
      if (text.startsWith(CORRECT)) return deck.run(correctIncident, { text: text.slice(CORRECT.length) }, { signal })
      if (text === "unpin") return deck.run(unpinIncident, {}, { signal })
      return text === "end" ? deck.run(endIncident, {}, { signal }) : { id: text }
    },
  },
  inside: [incidentText],
  bindings: [
    {
      keys: ["enter", "d"],
      label: "open",
      footer: ({ selected }) => selected?.leads != null,
      help: "the log at the pinned request, with the filter or of the mover; what was changed in the audit log",
      possible: ({ selected }) => (selected ? selected.leads !== null || "this row leads nowhere" : false),
      run: ({ selected, shell }) => selected && follow(selected, shell),
    },
    {
      keys: ["a"],
      label: "add",
      now: () => "note",
      footer: true,
      help: "write a note; :note TEXT does so from every screen",
      run: ({ shell, id }) => shell.push(incidentText, { kind: "note", id }),
    },
    {
      keys: ["e"],
      label: "correct",
      footer: ({ selected }) => selected !== undefined && CORRECTED.has(selected.what),
      help: "write the selected note, or what is wrong, in other words; that it was corrected stays in sight",
      possible: ({ selected }) => canBeAmended(selected, CORRECTED, "a note, or the beginning, can be corrected"),
      run: ({ shell, id, selected }) =>
        selected?.line !== undefined &&
        shell.push(incidentText, { kind: "correct", id, line: selected.line, text: selected.text }),
    },
    {
      keys: ["P"],
      label: "unpin",
      footer: ({ selected }) => selected !== undefined && PINNED.has(selected.what),
      help: "take the selected pin back: it is no evidence any more, and the timeline says so",
      possible: ({ selected }) => canBeAmended(selected, PINNED, "this was not pinned"),
      run: ({ shell, id, selected, readAgain }) => void unpin(shell, id, selected?.line).then(readAgain),
    },
    {
      keys: ["X"],
      label: "end incident",
      footer: true,
      help: "end the incident; its page stays, and notes can be added",
      possible: ({ incident }) => incident !== undefined && (incident.until === null || "it has ended"),
      run: model => askToEnd(model),
    },
    {
      keys: ["v"],
      label: "history",
      now: () => "all incidents",
      help: "the incidents that were written down on this host",
      run: ({ shell }) => shell.open("incidents", undefined),
    },
    saveBinding("save the page of the incident as Markdown, for whoever comes next"),
    ...selectionBindings,
  ],
  useModel: useIncident,
  Body: IncidentBody,
})

function useIncident({ id }: { readonly id: string }, size: Size) {
  const shell = useShell()
  const { deck, clock } = shell
  const now = useStore(clock.times)
  const queries = useQueryClient()
  const every = useQuietRefresh()
  const { data, failureReason } = useQuery({
    queryKey: [...listTimeline.words, id],
    queryFn: ({ signal }) => {
      // The frame knows of what was begun or ended here.
      shell.incidents.look()
      return deck.run(listTimeline, { id }, { signal })
    },
    refetchInterval: every,
  })
  const rows = data?.data ?? []
  const lines = rows.flatMap(row => rowLines(row, size.columns))
  const height = size.rows - HEAD_ROWS
  const selection = useSelection({ keys: lines.map(({ key }) => key), height }, data !== undefined)
  return {
    ...selection,
    id,
    shell,
    now,
    lines,
    incident: data?.incident,
    missing: data?.missing ?? [],
    readAgain: () => readAgain(queries, { queryKey: ["incident"] }),
    failure: failureReason ? asDeckError(failureReason).message : undefined,
    selected: rows.find(row => row.id === selection.state.selected),
    saves: () => savingOf(id, deck, clock.times.snapshot),
    command: { words: showIncident.words, input: showIncident.input, given: { id } },
  }
}

const MARKDOWN: PlainText = { label: shown`Markdown`, line: ({ text }) => String(text), isOnly: true }

/** The page, as `incident show` prints it. */
function savingOf(id: string, deck: Deck, now: number): Saving {
  const page: Source = {
    label: "the page",
    count: undefined,
    async *pages(signal) {
      const answer = await deck.run(showIncident, { id }, { signal })
      yield [{ text: `${showIncident.lines?.(answer).join("\n")}\n` }]
    },
  }
  const path = `~/${fileName(`incident-${id}`, now, "md")}`
  return { noun: ["page", "page"], path, columns: [], sources: [page], plain: MARKDOWN }
}

const HEAD_ROWS = 2

function follow({ leads }: TimelinePlace, shell: Shell): void {
  if (leads?.to === "entry") shell.open("logOf", { filter: "", stayAt: leads.value })
  else if (leads?.to === "filter") shell.open("logOf", { filter: leads.value })
  else if (leads?.to === "change") shell.open("auditOf", { target_id: leads.value })
}

/** Whether a row is one of these, and has not been taken back; else why not. */
function canBeAmended(
  row: TimelinePlace | undefined,
  kinds: ReadonlySet<TimelinePlace["what"]>,
  others: string,
): boolean | string {
  if (row === undefined) return false
  if (!kinds.has(row.what)) return others
  if (row.amended?.taken_back) return "it was taken back"
  return row.line !== undefined || "an earlier version wrote it, without a name to correct it by"
}

async function unpin(shell: Shell, id: string, line: string | undefined): Promise<void> {
  try {
    await shell.deck.run(unpinIncident, { id, line })
    shell.say(shown`taken back from incident ${show(id)}`, "good")
  } catch (error) {
    shell.say(show(asDeckError(error).message), "act")
  }
}

function askToEnd({ shell, id, readAgain }: IncidentModel): void {
  shell.push(askScreen, {
    title: `End incident ${id}`,
    text: "Its consoles write nothing down from then on. The page stays, and notes can be added.",
    stay: "Not yet",
    go: "End",
    run: () => void end(shell, id).then(readAgain),
  })
}

async function end(shell: Shell, id: string): Promise<void> {
  try {
    await shell.deck.run(endIncident, { id })
    shell.incidents.look()
    shell.say(shown`incident ${show(id)} ended; ^S saves its page`, "good")
  } catch (error) {
    shell.say(show(asDeckError(error).message), "act")
  }
}

function IncidentBody({ model, size: { columns } }: { model: IncidentModel; size: Size }) {
  const { lines, state, height, failure, missing } = model
  const said = failure ?? missing[0]
  const notice =
    said === undefined
      ? []
      : [piece(shown` ${failure === undefined ? shown`not here, ` : shown``}${show(said)}`, "act")]
  return (
    <Box flexDirection="column">
      <Line pieces={titlePieces(model, columns)} columns={columns} />
      <Line pieces={notice} columns={columns} />
      {lines.slice(state.top, state.top + height).map(({ pieces, key }, index) => {
        const isSelected = key !== undefined && key === state.selected
        const drawn = isSelected
          ? [piece(MARK), piece(pieces[0]?.[0].slice(width(MARK)) as Shown), ...pieces.slice(1)]
          : pieces
        return <Line key={state.top + index} pieces={drawn} columns={columns} selected={isSelected} />
      })}
    </Box>
  )
}

function titlePieces({ id, incident, now, lines, state, height }: IncidentModel, columns: number): Piece[] {
  const name = [piece(shown` ◆ Incident ${show(id)}`, "look")]
  if (incident === undefined) return name
  const below = lines.length - state.top - height
  const more = below > 0 ? [piece(shown`${below} more below   `, "dim")] : []
  return spreadKeeping(
    [...name, piece(shown`  ${show(incident.text, 512)}`, "strong")],
    [...more, piece(lastsText(incident, now), "dim")],
    columns,
  )
}
