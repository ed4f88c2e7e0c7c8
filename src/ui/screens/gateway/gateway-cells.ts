import type { GatewayField, GatewayInspection, InspectedCopy } from "../../../domain/gateway.ts"
import { type Shown, show, shown } from "../../../domain/safe-text.ts"
import { type FormField, spelled } from "../../kit/form/form-field.ts"
import { type Piece, piece } from "../../widgets/line.tsx"
import { namesOf } from "./gateway-copies.ts"

/** Most bytes of a cell. */
export const VALUE_BYTES = 256
export const NOT_SET = shown`-`
const UNREADABLE = piece(shown`cannot be read`, "act")
const NOTHING = piece(shown`(none)`, "dim")

/** A value of the settings as people read it, a list line by line. */
export function linesOf({ kind, name, schema }: FormField, config: GatewayInspection["database"]): readonly string[] {
  const value = config[name as GatewayField]
  if (value === undefined) return []
  return kind === "list" ? (value as readonly string[]) : [spelled(schema, value)]
}

export function databaseCells(field: FormField, { database, garbled }: GatewayInspection): Piece[] {
  if (garbled.includes(field.name as GatewayField)) return [UNREADABLE]
  if (database[field.name as GatewayField] === undefined) return [piece(NOT_SET, "dim")]
  const lines = linesOf(field, database).map(line => piece(show(line, VALUE_BYTES)))
  return lines.length === 0 ? [NOTHING] : lines
}

/** What the copies say: where they agree as one does, else what they have in common, and what some have by their names. */
export function copyCells(field: FormField, { database, copies }: GatewayInspection): Piece[] {
  const known = copies.filter(({ trouble }) => trouble === null)
  if (known.length === 0) return [piece(shown`not known`, "act")]
  const cells = known.map(copy => ({ copy, cells: cellsOf(field, database, copy) }))
  const groups = [...Map.groupBy(cells, one => one.cells.map(([text]) => text).join("\n")).values()]
  if (groups.length === 1) return groups[0]?.[0]?.cells ?? []
  return field.kind === "list" ? differingLists(field, database, known) : differingValues(field, groups)
}

const marked = (value: Shown, what: Shown): Piece => piece(shown`${value} ▲ ${what}`, "look")

/** Of one copy: of a list each line that is not the database's is marked, and so is where it ends too soon. */
function cellsOf(
  field: FormField,
  database: GatewayInspection["database"],
  { copy, drift, garbled }: InspectedCopy,
): Piece[] {
  const drifts = drift.includes(field.name as GatewayField)
  if (garbled.includes(field.name as GatewayField)) return [piece(shown`cannot be read ▲`, "act")]
  if (copy?.[field.name as GatewayField] === undefined) return [drifts ? withDrift(NOT_SET) : piece(NOT_SET, "dim")]
  const [mine, theirs] = [linesOf(field, database), linesOf(field, copy)]
  const lines = theirs.map((line, at) => {
    const text = show(line, VALUE_BYTES)
    return drifts && (field.kind !== "list" || mine[at] !== line) ? withDrift(text) : piece(text)
  })
  if (drifts && theirs.length < mine.length) return [...lines, withDrift(shown`(no more)`)]
  return lines.length === 0 ? [NOTHING] : lines
}

const withDrift = (value: Shown): Piece => marked(value, shown`drift`)

type Group = readonly { readonly copy: InspectedCopy; readonly cells: readonly Piece[] }[]

/** The value that some have, as is saved, above those of others. */
function differingValues({ name, schema }: FormField, groups: readonly Group[]): Piece[] {
  const lines = groups.map(group => {
    const copies = group.map(({ copy }) => copy)
    const [{ copy, drift, garbled } = copies[0] as InspectedCopy] = copies
    const field = name as GatewayField
    if (garbled.includes(field)) return { drifts: true, line: marked(shown`cannot be read`, namesOf(copies)) }
    const value = copy?.[field] === undefined ? NOT_SET : show(spelled(schema, copy[field]), VALUE_BYTES)
    const drifts = drift.includes(field)
    return { drifts, line: drifts ? marked(value, namesOf(copies)) : piece(value) }
  })
  return [...lines.filter(({ drifts }) => !drifts), ...lines.filter(({ drifts }) => drifts)].map(({ line }) => line)
}

/** The lines of the database with who lacks them, and further ones with who has them. */
function differingLists(
  field: FormField,
  database: GatewayInspection["database"],
  copies: readonly InspectedCopy[],
): Piece[] {
  const isGarbled = ({ garbled }: InspectedCopy) => garbled.includes(field.name as GatewayField)
  const read = copies
    .filter(copy => !isGarbled(copy))
    .map(copy => ({ copy, lines: new Set(linesOf(field, copy.copy ?? {})) }))
  const mine = linesOf(field, database)
  const having = (line: string, is: boolean) =>
    read.filter(({ lines }) => lines.has(line) === is).map(({ copy }) => copy)
  const further = [...new Set(read.flatMap(({ lines }) => [...lines]))].filter(line => !mine.includes(line))
  const reordered = read.filter(
    ({ copy, lines }) =>
      copy.drift.includes(field.name as GatewayField) &&
      lines.size === mine.length &&
      mine.every(line => lines.has(line)),
  )
  const garbled = copies.filter(isGarbled)
  return [
    ...mine.map(line => {
      const lacking = having(line, false)
      // The line itself stands beside it, in the database's column.
      return lacking.length === 0 ? piece(show(line, VALUE_BYTES)) : piece(shown`▲ not ${namesOf(lacking)}`, "look")
    }),
    ...further.map(line => marked(show(line, VALUE_BYTES), namesOf(having(line, true)))),
    ...(reordered.length === 0 ? [] : [marked(shown`other order`, namesOf(reordered.map(({ copy }) => copy)))]),
    ...(garbled.length === 0 ? [] : [marked(shown`cannot be read`, namesOf(garbled))]),
  ]
}
