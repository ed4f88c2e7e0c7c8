import { z } from "zod"
import { accessLogEntry } from "../access-log.ts"
import { incidentId } from "./incident-id.ts"
import { pinnedChanges } from "./incident-line.ts"
import { timelineRow } from "./timeline.ts"

/** How the requests of a window fared. Times in RFC 3339. */
const windowFigures = z.object({
  /** The part of the window that is known: what was before it is neither in the stream nor in the history. */
  since: z.string(),
  until: z.string(),
  requests: z.number(),
  per_second: z.number(),
  /** Shares of the requests answered 4xx and 5xx, 0 to 1; null without a request. */
  refused: z.number().nullable(),
  failed: z.number().nullable(),
  /** In ms; null where no request has a duration. */
  p95: z.number().nullable(),
})
export type WindowFigures = z.infer<typeof windowFigures>

const windows = z.object({
  /** As long as the trouble, an hour at most and five minutes at least; null where nothing is known of the window. */
  before: windowFigures.nullable(),
  during: windowFigures.nullable(),
  /** Null also while the incident is open. */
  after: windowFigures.nullable(),
})
export type Figures = z.infer<typeof windows>

/** An incident as a page (contract, section 10, `incident show`). */
export const incidentPage = z.object({
  id: incidentId,
  text: z.string(),
  by: z.string().nullable(),
  /** Name of the environment. */
  environment: z.string(),
  since: z.string(),
  until: z.string().nullable(),
  duration_s: z.number(),
  /** When the trouble began, as far as was written down: at the earliest request or comparison that was pinned, burst or alert, else with the incident. */
  trouble_since: z.string(),
  figures: windows,
  /** The same of the requests that operators looked at, by their filters, the last ones first. */
  filtered: z.array(windows.extend({ filter: z.string() })),
  /** The comparisons that were pinned. */
  changes: z.array(pinnedChanges),
  timeline: z.array(timelineRow),
  /** The requests that were pinned, with all their fields. */
  evidence: z.array(accessLogEntry),
  /** What is not on the page and why, a sentence each. */
  missing: z.array(z.string()),
})
export type IncidentPage = z.infer<typeof incidentPage>
