import { z } from "zod"
import { DeckError } from "../../domain/errors.ts"
import type { Incident, StandingLine } from "../../domain/incident/incident.ts"
import { incidentId } from "../../domain/incident/incident-id.ts"
import { defineOperation, type OperationContext } from "../operation.ts"
import { anotherIncident, append, oneOf, written } from "./incidents.ts"

const line = z
  .string()
  .regex(/^[0-9a-f]{8}$/, "must be `line` of a row of the timeline: opsdeck incident show --json")
  .optional()
const answer = z.object({ id: incidentId, line: z.string() })

/** Says what is wrong in other words: `incident start` stays in its file. */
export const titleIncident = defineOperation({
  words: ["incident", "title"],
  summary: "say in other words what is wrong in the open incident",
  input: z.object({ text: written("must say what is wrong", "what is wrong, in a few words"), id: anotherIncident }),
  answer,
  async run(context, { text, id }) {
    const incident = await oneOf(context, id)
    const of = nameOf(incident.lines.find(({ kind }) => kind === "start"))
    return correct(context, incident, of, text)
  },
  lines: ({ id }) => [`the title of incident ${id} is corrected`],
})

/** Corrects a note, or the title where `line` is that of the beginning. */
export const correctIncident = defineOperation({
  words: ["incident", "correct"],
  summary: "write a note in other words; that it was corrected stays on the timeline",
  input: z.object({
    text: written("must say something", "the note as it should be"),
    line: line.meta({ label: "the note, by `line` in show --json; without it, your last one", placeholder: "LINE" }),
    id: anotherIncident,
  }),
  answer,
  async run(context, { text, line, id }) {
    const incident = await oneOf(context, id)
    const kinds = line === undefined ? ["note"] : ["note", "start"]
    return correct(context, incident, nameOf(found(context, incident, line, kinds, "note")), text)
  },
  lines: ({ id }) => [`corrected in incident ${id}`],
})

/** Takes a pin back: it is no evidence any more, and the timeline says so. */
export const unpinIncident = defineOperation({
  words: ["incident", "unpin"],
  summary: "take a pin back: the page has it no more as evidence, and its timeline says so",
  input: z.object({
    line: line.meta({ label: "the pin, by `line` in show --json; without it, your last one", placeholder: "LINE" }),
    id: anotherIncident,
  }),
  answer,
  async run(context, { line, id }) {
    const incident = await oneOf(context, id)
    const pin = found(context, incident, line, ["entry", "mover", "changes"], "pin")
    if (pin.amended?.taken_back) throw new DeckError("conflict", "this pin was taken back already", { field: "line" })
    const of = nameOf(pin)
    await append(context, incident.id, { kind: "withdrawal", of })
    return { id: incident.id, line: of }
  },
  lines: ({ id }) => [`a pin of incident ${id} is taken back`],
})

export const commands = [titleIncident, correctIncident, unpinIncident]

async function correct(context: OperationContext, { id }: Incident, of: string, text: string) {
  await append(context, id, { kind: "correction", of, text })
  return { id, line: of }
}

/** Returns the line of a name, or the operator's last one of these kinds. Throws DeckError `not_found`. */
function found(
  { operator: { login, username } }: OperationContext,
  { id, lines }: Incident,
  line: string | undefined,
  kinds: readonly string[],
  noun: string,
): StandingLine {
  const some = lines.filter(({ kind }) => kinds.includes(kind))
  const one =
    line === undefined
      ? some.findLast(({ by, amended }) => by === (login ?? username) && amended?.taken_back !== true)
      : some.find(({ id }) => id === line)
  if (one !== undefined) return one
  const none = line === undefined ? `no ${noun} of yours` : `no ${noun} ${line}`
  throw new DeckError("not_found", `there is ${none} in incident ${id}`, { field: "line" })
}

function nameOf(line: StandingLine | undefined): string {
  if (line?.id !== undefined) return line.id
  throw new DeckError("conflict", "this was written by an earlier version, which gave no name to correct it by")
}
