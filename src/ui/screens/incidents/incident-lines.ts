import type { TimelinePlace } from "../../../domain/incident/timeline.ts"
import { fit, type Shown, show, shown } from "../../../domain/safe-text.ts"
import { spanOf } from "../../../domain/span.ts"
import type { IncidentRow } from "../../../services/incidents/incidents.ts"
import { day, timeOfDay } from "../../widgets/format.ts"
import { type Piece, piece, piecesWidth } from "../../widgets/line.tsx"
import type { Tone } from "../../widgets/theme.ts"
import { hanging } from "../../widgets/wrap.ts"

const TONES: Readonly<Partial<Record<TimelinePlace["what"], Tone>>> = {
  start: "look",
  alert: "act",
  burst: "act",
  calm: "good",
  subsided: "good",
  note: "strong",
  compared: "strong",
  change: "key",
  end: "look",
}
const [WHAT, BY] = [8, 10]

/** Draws a row in as many lines as its text takes; only the first can be selected. */
export function rowLines({ id, at, what, by, text, amended }: TimelinePlace, columns: number) {
  const head = [
    piece(shown`  ${timeOfDay(at)} `, "dim"),
    piece(fit(show(what), WHAT), TONES[what] ?? "plain"),
    piece(shown` ${fit(show(by ?? ""), BY)} `, "dim"),
  ]
  const drawn = hanging(
    piece(fit(shown``, piecesWidth(head))),
    amended === undefined ? show(text) : withAmended(show(text), amended),
    columns - 1,
    amended?.taken_back ? "dim" : what === "note" ? "strong" : "plain",
  )
  return drawn.map((pieces, line): { readonly pieces: Piece[]; readonly key: string | undefined } =>
    line === 0 ? { pieces: [...head, ...pieces.slice(1)], key: id } : { pieces, key: undefined },
  )
}

/** Says who corrected the text, or before it who took it back: what is no evidence any more is not read as some. */
function withAmended(text: Shown, { at, by, taken_back }: NonNullable<TimelinePlace["amended"]>): Shown {
  const when = shown`${timeOfDay(at)}${by === null ? shown`` : shown` by ${show(by)}`}`
  return taken_back ? shown`taken back ${when}: ${text}` : shown`${text} (corrected ${when})`
}

/** Says how long an incident has been open, or when it was and how long. */
export function lastsText({ since, until, by }: IncidentRow, now: number): Shown {
  const began = Date.parse(since)
  const who = by === null ? shown`` : shown` by ${show(by)}`
  const lasts = show(spanOf((until === null ? now : Date.parse(until)) - began))
  return until === null ? shown`open for ${lasts},${who} ` : shown`${day(since)} ${timeOfDay(since)}${who}, ${lasts} `
}
