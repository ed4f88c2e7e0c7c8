import type { RecordChange } from "../change/record-change.ts"

type Rows<Row> = ReadonlyMap<string, Row>

/** Marked rows by id, as they were when they were marked: a search may have left them out since. */
export interface Marks<Row> {
  readonly marked: Rows<Row>
  /** Rows marked before, which can be marked again to undo a change. */
  readonly last: Rows<Row>
}

export const noMarks = <Row>(): Marks<Row> => ({ marked: new Map<string, Row>(), last: new Map<string, Row>() })

export type MarksAction<Row> =
  | { readonly type: "toggle"; readonly id: string; readonly row: Row }
  /** Unmarks `ids`; those of `last` can be marked again. */
  | { readonly type: "drop"; readonly ids: readonly string[]; readonly last: readonly string[] }
  | { readonly type: "again" }

export function marksReducer<Row>(marks: Marks<Row>, action: MarksAction<Row>): Marks<Row> {
  const { marked, last } = marks
  switch (action.type) {
    case "toggle": {
      const others = without(marked, [action.id])
      return { last, marked: others.size < marked.size ? others : new Map(marked).set(action.id, action.row) }
    }
    case "drop": {
      const kept = new Set(action.last)
      return { marked: without(marked, action.ids), last: new Map([...marked].filter(([id]) => kept.has(id))) }
    }
    case "again":
      return { marked: new Map([...last, ...marked]), last: new Map() }
  }
}

function without<Row>(rows: Rows<Row>, ids: readonly string[]): Rows<Row> {
  const dropped = new Set(ids)
  return new Map([...rows].filter(([id]) => !dropped.has(id)))
}

/** Changes that can be made to the selected row of a list, or to every marked one. */
export interface BulkChanges<Row> {
  readonly changes: readonly RecordChange<Row>[]
  readonly name: (row: Row) => string
}
