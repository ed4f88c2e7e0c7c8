import { useQuery, useQueryClient } from "@tanstack/react-query"
import { Box } from "ink"
import { asDeckError } from "../../../domain/errors.ts"
import type { TimelinePlace } from "../../../domain/incident/timeline.ts"
import { fit, type Shown, show, shown, width } from "../../../domain/safe-text.ts"
import { spanOf } from "../../../domain/span.ts"
import type { Deck } from "../../../services/deck.ts"
import { endIncident, type IncidentRow, startIncident } from "../../../services/incidents/incidents.ts"
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
import { day, timeOfDay } from "../../widgets/format.ts"
import { Line, type Piece, piece, piecesWidth, spread } from "../../widgets/line.tsx"
import { MARK } from "../../widgets/table.tsx"
import type { Tone } from "../../widgets/theme.ts"
import { hanging } from "../../widgets/wrap.ts"
import { incidentText } from "../shared/incident-text.tsx"

type IncidentModel = ReturnType<typeof useIncident>

const START = "start "

/** One incident: its timeline, the newest first, read again while it is looked at. */
export const incidentScreen = defineScreen<{ readonly id: string }, IncidentModel>({
  id: "incident",
  title: "Incident",
  summary: "the timeline of an incident: notes, pins, alerts, filters, and what operators changed",
  argument: {
    behind: "incident",
    expects: "start TEXT, end, or an id",
    choices: [START, "end"],
    accepts: text => text !== START.trim(),
    read: async (text, deck, signal) => {
      if (text.startsWith(START)) return deck.run(startIncident, { text: text.slice(START.length) }, { signal })
      return text === "end" ? deck.run(endIncident, {}, { signal }) : { id: text }
    },
  },
  inside: [incidentText],
  bindings: [
    {
      keys: ["enter", "d"],
      label: "open",
      footer: true,
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

const TONES: Readonly<Partial<Record<TimelinePlace["what"], Tone>>> = {
  start: "look",
  alert: "act",
  burst: "act",
  calm: "good",
  note: "strong",
  compared: "strong",
  change: "key",
  end: "look",
}
const [WHAT, BY] = [8, 10]

/** Draws a row in as many lines as its text takes; only the first can be selected. */
function rowLines({ id, at, what, by, text }: TimelinePlace, columns: number) {
  const head = [
    piece(shown`  ${timeOfDay(at)} `, "dim"),
    piece(fit(show(what), WHAT), TONES[what] ?? "plain"),
    piece(shown` ${fit(show(by ?? ""), BY)} `, "dim"),
  ]
  const drawn = hanging(
    piece(fit(shown``, piecesWidth(head))),
    show(text),
    columns - 1,
    what === "note" ? "strong" : "plain",
  )
  return drawn.map((pieces, line): { readonly pieces: Piece[]; readonly key: string | undefined } =>
    line === 0 ? { pieces: [...head, ...pieces.slice(1)], key: id } : { pieces, key: undefined },
  )
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
  return spread(
    [...name, piece(shown`  ${show(incident.text, 512)}`, "strong")],
    [...more, piece(lastsText(incident, now), "dim")],
    columns,
  )
}

function lastsText({ since, until, by }: IncidentRow, now: number): Shown {
  const began = Date.parse(since)
  const who = by === null ? shown`` : shown` by ${show(by)}`
  const lasts = show(spanOf((until === null ? now : Date.parse(until)) - began))
  return until === null ? shown`open for ${lasts},${who} ` : shown`${day(since)} ${timeOfDay(since)}${who}, ${lasts} `
}
