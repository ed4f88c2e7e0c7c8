import { randomBytes, randomInt } from "node:crypto"
import { z } from "zod"
import type { IncidentsRead } from "../../adapters/incidents/incident-files.ts"
import { rfc3339 } from "../../domain/access-log.ts"
import { DeckError } from "../../domain/errors.ts"
import { fewNames } from "../../domain/few-names.ts"
import { page } from "../../domain/fields.ts"
import { countOf, type Incident, incidentsIn, isPinned, openOf } from "../../domain/incident/incident.ts"
import { incidentId, newIncidentId } from "../../domain/incident/incident-id.ts"
import { type IncidentLine, LONGEST_TEXT, type SeenLine, seenLine } from "../../domain/incident/incident-line.ts"
import { defineOperation, type OperationContext } from "../operation.ts"

/** What people write: a sentence or some, without the blanks around it. */
export const written = (expects: string, label: string) =>
  z
    .string()
    .trim()
    .min(1, expects)
    .max(LONGEST_TEXT, `must be at most ${LONGEST_TEXT} characters`)
    .meta({ label, positional: true, words: true })

export const anotherIncident = incidentId.optional().meta({ label: "another incident than the open one" })

const started = z.object({
  id: incidentId,
  text: z.string(),
  by: z.string().nullable(),
  since: z.string(),
  /** The group of this host that sees it and writes to it; null where it is its user's alone. */
  group: z.string().nullable(),
})

/** An incident in the list. */
export const incidentRow = z.object({
  id: incidentId,
  text: z.string(),
  by: z.string().nullable(),
  since: z.string(),
  until: z.string().nullable(),
  notes: z.number(),
  /** Requests, movers and comparisons. */
  pinned: z.number(),
})
export type IncidentRow = z.infer<typeof incidentRow>

/** Contract, section 10: `incident start`. It changes nothing on the platform, so it can be done while that is read-only. */
export const startIncident = defineOperation({
  words: ["incident", "start"],
  summary: "begin to write an incident down, for everybody of the group on this host",
  input: z.object({ text: written("must say what is wrong", "what is wrong, in a few words") }),
  answer: started,
  async run(context, { text }) {
    const { incidents } = await readIncidents(context)
    const [open] = openOf(incidents)
    if (open !== undefined) {
      throw new DeckError(
        "conflict",
        `incident ${open.id} is open, "${open.text}", since ${open.since}: note to it, or end it first`,
      )
    }
    const id = newIncidentId(randomInt, new Set(incidents.map(({ id }) => id)))
    const line = await append(context, id, { kind: "start", text })
    return { id, text, by: line.by, since: line.at, group: storeOf(context).group ?? null }
  },
  lines: ({ id, text, group }) => [
    `incident ${id}: ${text}`,
    group === null
      ? "yours alone: the setting historyGroup shares incidents with a group of this host"
      : `shared with the group ${group} on this host`,
  ],
})

/** Contract, section 10: `incident note`. */
export const noteIncident = defineOperation({
  words: ["incident", "note"],
  summary: "write a note to the open incident",
  input: z.object({ text: written("must say something", "the note"), id: anotherIncident }),
  answer: z.object({ id: incidentId, at: z.string() }),
  async run(context, { text, id }) {
    const incident = await oneOf(context, id)
    const { at } = await append(context, incident.id, { kind: "note", text })
    return { id: incident.id, at }
  },
  lines: ({ id }) => [`noted to incident ${id}`],
})

/** Contract, section 10: `incident end`. */
export const endIncident = defineOperation({
  words: ["incident", "end"],
  summary: "end the open incident; its page stays",
  input: z.object({ id: anotherIncident }),
  answer: z.object({ id: incidentId, until: z.string() }),
  async run(context, { id }) {
    const incident = await oneOf(context, id)
    if (incident.until !== null) {
      throw new DeckError("conflict", `incident ${incident.id} ended at ${incident.until} already`)
    }
    const { at } = await append(context, incident.id, { kind: "end" })
    return { id: incident.id, until: at }
  },
  lines: ({ id }) => [`incident ${id} ended; opsdeck incident show ${id} prints its page`],
})

/** Contract, section 10: `incident list`. */
export const listIncidents = defineOperation({
  words: ["incident", "list"],
  summary: "the incidents that were written down on this host, the newest first",
  input: z.object({}),
  answer: page(incidentRow),
  async run(context) {
    const { incidents } = await readIncidents(context)
    return { data: incidents.map(rowOf), next_cursor: null }
  },
  caveat: skippedFiles,
})

/**
 * What a console writes down by itself or pins, of the open incident; nothing once that is over, nor what is pinned already. No command
 * of its own.
 */
export const recordSeen = defineOperation({
  words: ["incident", "seen"],
  summary: "what a console saw or pinned",
  input: z.object({
    id: incidentId,
    seen: z.array(seenLine),
  }),
  answer: z.object({ written: z.number(), pinned_already: z.number() }),
  async run(context, { id, seen }) {
    const incident = await oneOf(context, id)
    if (incident.until !== null) return { written: 0, pinned_already: 0 }
    const fresh = seen.filter(line => !isPinned(incident, line))
    for (const line of fresh) await append(context, id, line)
    return { written: fresh.length, pinned_already: seen.length - fresh.length }
  },
})

/** The incident that is open, to be asked often; null where none is. No command of its own. */
export const openIncident = defineOperation({
  words: ["incident", "open"],
  summary: "the incident that is open",
  input: z.object({}),
  answer: incidentRow.nullable(),
  async run(context) {
    const [open] = openOf((await readIncidents(context)).incidents)
    return open === undefined ? null : rowOf(open)
  },
})

export const commands = [startIncident, noteIncident, listIncidents, endIncident]

export function rowOf(incident: Incident): IncidentRow {
  const { id, text, by, since, until } = incident
  return {
    ...{ id, text, by, since, until },
    notes: countOf(incident, "note"),
    pinned: countOf(incident, "entry", "mover", "changes"),
  }
}

/** Reads the incidents, the newest first. Throws DeckError `unavailable` where they cannot be read. */
export async function readIncidents(
  context: OperationContext,
): Promise<{ readonly incidents: readonly Incident[] } & Pick<IncidentsRead, "skipped">> {
  const { files, skipped } = await storeOf(context).read()
  return { incidents: incidentsIn(files), skipped }
}

/** Says which files were left out. */
export async function skippedFiles(context: OperationContext): Promise<string | undefined> {
  const { skipped } = await readIncidents(context)
  if (skipped.length === 0) return undefined
  return `left out, since it cannot be read, in ${storeOf(context).directory}: ${fewNames(skipped)}`
}

/**
 * Returns the incident of an id, or the one that is open. Throws DeckError `not_found`, and `usage` where several are open and none
 * is named.
 */
export async function oneOf(context: OperationContext, id: string | undefined): Promise<Incident> {
  const { incidents } = await readIncidents(context)
  if (id !== undefined) {
    const named = incidents.find(incident => incident.id === id)
    if (named !== undefined) return named
    throw new DeckError("not_found", `there is no incident ${id}: opsdeck incident list`, { field: "id" })
  }
  const [open, ...others] = openOf(incidents)
  if (open === undefined) throw new DeckError("not_found", "no incident is open: incident start TEXT begins one")
  if (others.length === 0) return open
  const names = [open, ...others].map(({ id }) => id)
  throw new DeckError("usage", `several incidents are open, name one: ${names.join(", ")}`, { field: "id" })
}

type Written =
  | SeenLine
  | { readonly kind: "start" | "note"; readonly text: string }
  | { readonly kind: "end" }
  | { readonly kind: "correction"; readonly of: string; readonly text: string }
  | { readonly kind: "withdrawal"; readonly of: string }

/** Appends a line to this process's file, with a name of its own. Throws DeckError `unavailable`. */
export async function append(context: OperationContext, incident: string, line: Written): Promise<IncidentLine> {
  const { login, username } = context.operator
  const at = rfc3339(Date.now())
  const whole = { id: newLineId(), at, ...line, incident, by: login ?? username } as IncidentLine
  await storeOf(context).append(whole)
  return whole
}

const newLineId = () => randomBytes(4).toString("hex")

function storeOf({ incidents }: OperationContext) {
  if (incidents !== undefined) return incidents
  throw new DeckError("unavailable", "incidents are not kept here: there is no history", { field: "history" })
}
