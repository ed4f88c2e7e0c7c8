import { z } from "zod"
import { writeNewFile } from "../../adapters/new-file.ts"
import { rfc3339 } from "../../domain/access-log.ts"
import { parseFilter } from "../../domain/access-log-filter.ts"
import { asDeckError } from "../../domain/errors.ts"
import { page } from "../../domain/fields.ts"
import { changesIn, filtersIn, type Incident, pinnedIn, troubleSince } from "../../domain/incident/incident.ts"
import { incidentId } from "../../domain/incident/incident-id.ts"
import { type Figures, type IncidentPage, incidentPage } from "../../domain/incident/incident-page.ts"
import { markdownOf } from "../../domain/incident/markdown.ts"
import { inTime, placeOf, type TimelinePlace, timelinePlace } from "../../domain/incident/timeline.ts"
import { toJson } from "../../domain/json.ts"
import type { TimeWindow } from "../../domain/time-window.ts"
import { wholeLog } from "../history/sources.ts"
import { askedFor } from "../log-counts/counted-log.ts"
import { defineOperation, type OperationContext } from "../operation.ts"
import { incidentRow, oneOf, rowOf, skippedFiles } from "./incidents.ts"
import { changesBetween, MOST_CHANGES } from "./operator-changes.ts"
import { type FiguresOf, withFigures } from "./window-figures.ts"

const id = incidentId.optional().meta({ label: "an incident; without it, the open one", positional: true })

/** The page, and the file that the pinned requests were written to. */
const shown = incidentPage.extend({ evidence_file: z.string().optional() })

/** Contract, section 10: `incident show`. What cannot be read now is left out, and named. */
export const showIncident = defineOperation({
  words: ["incident", "show"],
  summary: "an incident as a page of Markdown: figures, timeline and evidence",
  input: z.object({
    id,
    evidence: z
      .string()
      .min(1, "must be the path of a new file")
      .optional()
      .meta({ label: "a new file for the pinned requests, with all their fields, as NDJSON", placeholder: "FILE" }),
  }),
  answer: shown,
  async run(context, { id, evidence }): Promise<z.infer<typeof shown>> {
    const incident = await oneOf(context, id)
    const whole = await pageOf(context, incident)
    if (evidence === undefined) return whole
    const rows = whole.evidence.map(entry => `${toJson(entry)}\n`)
    return { ...whole, evidence_file: await writeNewFile(evidence, rows) }
  },
  lines: ({ evidence_file, ...page }) => markdownOf(page, evidence_file),
  caveat: skippedFiles,
})

/** The timeline alone, for the console: where each row leads to. No command of its own. */
export const listTimeline = defineOperation({
  words: ["incident", "timeline"],
  summary: "what happened in an incident, the newest first",
  input: z.object({ id: incidentId }),
  answer: page(timelinePlace).extend({ incident: incidentRow, missing: z.array(z.string()) }),
  async run(context, { id }) {
    const incident = await oneOf(context, id)
    const { places, missing } = await timelineOf(context, incident)
    return { data: places.toReversed(), next_cursor: null, incident: rowOf(incident), missing }
  },
})

export const commands = [showIncident]

async function pageOf(context: OperationContext, incident: Incident): Promise<IncidentPage> {
  const { id, text, by, since, until } = incident
  const end = until === null ? Date.now() : Date.parse(until)
  const trouble = { fromMs: troubleSince(incident), untilMs: end }
  const [{ places, missing }, figures] = await Promise.all([
    timelineOf(context, incident),
    figuresAround(context, trouble, until !== null, filtersIn(incident).slice(0, MOST_FILTERS)),
  ])
  return {
    ...{ id, text, by, environment: context.environment.name, since, until },
    duration_s: Math.max(0, Math.round((end - Date.parse(since)) / 1000)),
    trouble_since: rfc3339(trouble.fromMs),
    figures: figures.figures,
    filtered: figures.filtered,
    changes: changesIn(incident),
    timeline: places.map(({ id: _, leads: __, ...row }) => row),
    evidence: pinnedIn(incident),
    missing: [...missing, ...figures.missing],
  }
}

/** What was written down, and what operators changed meanwhile; `missing` says why that is not there. */
async function timelineOf(context: OperationContext, { since, until, lines }: Incident) {
  const own = lines.map(placeOf)
  const missing: string[] = []
  const changes = await changesBetween(context, since, until ?? rfc3339(Date.now())).catch((error): TimelinePlace[] => {
    missing.push(`what operators changed: ${reasonOf(error, context)}`)
    return []
  })
  if (changes.length === MOST_CHANGES)
    missing.push(`changes before ${changes[0]?.at}: there are more than ${MOST_CHANGES}`)
  return { places: inTime([...own, ...changes]), missing }
}

const [LEAST_MS, MOST_MS] = [5 * 60_000, 60 * 60_000]

/** Filters whose requests are counted by themselves. */
const MOST_FILTERS = 3

const UNKNOWN: Figures = { before: null, during: null, after: null }

/**
 * Compares the trouble with as long a time before it, and after it where it `isOver`, an hour at most and five minutes at least: of all
 * requests, and of those that pass each of the filters.
 */
async function figuresAround(
  context: OperationContext,
  during: TimeWindow,
  isOver: boolean,
  filters: readonly string[],
): Promise<Pick<IncidentPage, "figures" | "filtered" | "missing">> {
  const { fromMs, untilMs } = during
  const lengthMs = Math.min(MOST_MS, Math.max(LEAST_MS, untilMs - fromMs))
  const before = { fromMs: fromMs - lengthMs, untilMs: fromMs }
  const after = isOver ? { fromMs: untilMs, untilMs: Math.min(Date.now(), untilMs + lengthMs) } : undefined
  const windows = Object.entries({ before, during, ...(after && { after }) }).filter(
    ([, window]) => window.untilMs > window.fromMs,
  )
  const sources = wholeLog(context)
  const count = async (figuresOf: FiguresOf, filter: string): Promise<Figures> => {
    const asked = await askedFor(sources, parseFilter(filter))
    const counted = { ...UNKNOWN }
    for (const [name, window] of windows) counted[name as keyof Figures] = await figuresOf(window, asked)
    return counted
  }
  try {
    return await withFigures(
      sources,
      windows.map(([, window]) => window),
      async figuresOf => {
        const figures = await count(figuresOf, "")
        const [filtered, missing]: [IncidentPage["filtered"], string[]] = [[], []]
        for (const filter of filters) {
          // A filter of another version of opsdeck may mean nothing here.
          await count(figuresOf, filter).then(
            figures => filtered.push({ filter, ...figures }),
            error => missing.push(`figures of ${filter}: ${asDeckError(error).message}`),
          )
        }
        return { figures, filtered, missing }
      },
    )
  } catch (error) {
    return { figures: UNKNOWN, filtered: [], missing: [`figures: ${reasonOf(error, context)}`] }
  }
}

/** Throws what is no outage: a page with less on it than there is must say why. */
function reasonOf(error: unknown, { signal }: OperationContext): string {
  const { code, message } = asDeckError(error)
  if (signal.aborted || (code !== "unavailable" && code !== "forbidden")) throw error
  return message
}
