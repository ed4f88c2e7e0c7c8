import { shownTime } from "../access-log.ts"
import { groupDigits as grouped } from "../grouped.ts"
import { show } from "../safe-text.ts"
import { spanOf } from "../span.ts"
import type { PinnedChanges } from "./incident-line.ts"
import type { Figures, IncidentPage, WindowFigures } from "./incident-page.ts"
import { type TimelineRow, toSecond } from "./timeline.ts"

/** Words of the timeline for what a row is; its text follows. */
const SAID: Readonly<Record<TimelineRow["what"], string>> = {
  start: "began the incident",
  note: "",
  pinned: "pinned",
  mover: "pinned",
  compared: "compared",
  alert: "alert",
  calm: "alert is over",
  burst: "burst",
  subsided: "burst is over",
  filter: "looked at",
  change: "changed",
  end: "ended the incident",
}

/** Writes the page as Markdown, a line each. `evidence` is the file that the pinned requests were written to, if they were. */
export function markdownOf(page: IncidentPage, evidence?: string): string[] {
  const { id, text, by, environment, since, until, duration_s, trouble_since, timeline, missing } = page
  const named = environment === "" ? [] : [["Environment", plain(environment)]]
  return [
    `# Incident ${id}: ${plain(text)}`,
    "",
    ...table(
      ["", ""],
      [
        ...named,
        ["Trouble since", toSecond(trouble_since)],
        ["Written down since", `${toSecond(since)} by ${plain(by ?? "an account without a name")}`],
        ["Ended", until === null ? "not yet" : toSecond(until)],
        [until === null ? "Open for" : "Lasted", spanOf(duration_s * 1000)],
      ],
    ),
    "",
    "## Figures",
    "",
    ...figureLines(page.figures, "the requests"),
    ...page.filtered.flatMap(({ filter, ...figures }) => [
      ...["", `Of the requests that pass **${plain(filter)}**:`, ""],
      ...figureLines(figures, "these requests"),
    ]),
    ...page.changes.flatMap(changesLines),
    "",
    "## Timeline",
    "",
    ...timeline.map(rowLine),
    ...evidenceLines(page, evidence),
    ...(missing.length === 0 ? [] : ["", "## Not on this page", "", ...missing.map(why => `- ${plain(why)}`)]),
  ]
}

const HEADINGS = ["", "From", "To", "Requests", "A second", "Refused (4xx)", "Failed (5xx)", "p95"]

function figureLines({ before, during, after }: Figures, of: string): string[] {
  const rows = Object.entries({ before, during, after })
  const known = rows.flatMap(([name, of]) => (of === null ? [] : [[name, ...cellsOf(of)]]))
  if (known.length === 0) return [`Nothing is known of ${of} of that time.`]
  return table(HEADINGS, known)
}

function cellsOf({ since, until, requests, per_second, refused, failed, p95 }: WindowFigures): string[] {
  const share = (of: number | null) => (of === null ? "-" : `${(of * 100).toFixed(1)} %`)
  const rate = per_second < 10 ? per_second.toFixed(1) : grouped(Math.round(per_second))
  const slow = p95 === null ? "-" : `${grouped(Math.round(p95))} ms`
  return [toSecond(since), toSecond(until), grouped(requests), rate, share(refused), share(failed), slow]
}

function changesLines({
  since,
  until,
  with: other,
  filter,
  before_per_s,
  after_per_s,
  values,
}: PinnedChanges): string[] {
  const rows = values.map(({ dimension, value, share_of_change: share, ...row }) => [
    plain(dimension),
    plain(value),
    rateOf(row.before_per_s),
    rateOf(row.after_per_s),
    share === null ? "-" : `${Math.round(share * 100)} %`,
    row.since === null ? "" : toSecond(row.since),
  ])
  return [
    "",
    `## What changed: ${toSecond(since)} to ${toSecond(until)}`,
    "",
    `Compared with ${plain(other)}: ${filter === "" ? "all requests" : `the requests that pass **${plain(filter)}**`}, ${rateOf(before_per_s)} a second before and ${rateOf(after_per_s)} then.`,
    "",
    ...table(["Dimension", "Value", "Before, a second", "Then, a second", "Share of the change", "New since"], rows),
  ]
}

const rateOf = (perSecond: number) =>
  perSecond < 10 ? String(Number(perSecond.toPrecision(2))) : grouped(Math.round(perSecond))

function rowLine({ at, what, by, text, amended }: TimelineRow): string {
  const who = by === null ? [] : [`**${plain(by)}**`]
  const words = SAID[what] === "" ? [] : [SAID[what]]
  const head = [toSecond(at), ...who, ...words].join(" ")
  if (what === "end") return `- ${head}`
  return `- ${head}: ${plain(text)}${amended === undefined ? "" : ` *(${amendedText(amended)})*`}`
}

/** Says who corrected a row, and when. */
const amendedText = ({ at, by, taken_back }: NonNullable<TimelineRow["amended"]>) =>
  `${taken_back ? "taken back" : "corrected"} ${toSecond(at)} by ${plain(by ?? "an account without a name")}`

function evidenceLines({ evidence }: IncidentPage, file: string | undefined): string[] {
  if (evidence.length === 0) return []
  const rows = evidence.map(entry => {
    const { method, path, status_code, duration_ms, client_ip, username, user_id, trace_id } = entry
    const took = duration_ms === null ? "-" : grouped(duration_ms)
    const cells = [shownTime(entry), method, path, String(status_code ?? "-"), took, client_ip]
    return [...cells, username || user_id, trace_id].map(cell => plain(cell || "-"))
  })
  const whole =
    file === undefined ? "`--evidence FILE` writes them with all their fields" : `With all their fields: ${plain(file)}`
  return [
    "",
    "## Evidence",
    "",
    ...table(["Time", "Method", "Path", "Status", "ms", "Address", "User", "Trace"], rows),
    "",
    `${whole}.`,
  ]
}

const table = (headings: readonly string[], rows: readonly (readonly string[])[]): string[] =>
  [headings, headings.map(() => "---"), ...rows].map(cells => `| ${cells.join(" | ")} |`)

/** Longest text of a cell, in bytes. */
const LONGEST = 2_000

/** Text from outside as Markdown that says just that: what could be read as markup is escaped. */
const plain = (text: string): string => show(text, LONGEST).replace(/[\\`*[\]<|~]|(?<!\w)_|_(?!\w)/g, "\\$&")
