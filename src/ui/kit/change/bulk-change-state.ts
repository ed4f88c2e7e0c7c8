import type { DeckError } from "../../../domain/errors.ts"
import type { Preview, Step } from "../../../services/operation.ts"
import { type ChangeAction, type ChangeState, changeReducer } from "./change-state.ts"

/** Row to change. */
export interface BulkInput {
  readonly id: string
  readonly label: string
  readonly input: Readonly<Record<string, unknown>>
}

/** Row with its preview, or the reason why it is refused. */
export type RowPreview = BulkInput & ({ readonly preview: Preview } | { readonly refusal: string })

/** Result of one row. */
type RowResult = { readonly steps: readonly Step[] } | { readonly failure: string }

/** State of a change that is made row by row. */
export interface BulkState {
  readonly action: ChangeState
  readonly results: ReadonlyMap<string, RowResult>
  /** Row that is being changed. */
  readonly current: string | undefined
  /** Stops after the current row. */
  readonly stopping: boolean
  readonly ended: boolean
}

export type BulkAction =
  | ChangeAction
  | { readonly type: "start"; readonly id: string }
  | { readonly type: "result"; readonly id: string; readonly result: RowResult }
  | { readonly type: "stop" }
  | { readonly type: "end" }

export const initialBulk = (action: ChangeState): BulkState => ({
  action,
  results: new Map(),
  current: undefined,
  stopping: false,
  ended: false,
})

export function bulkReducer(state: BulkState, action: BulkAction): BulkState {
  switch (action.type) {
    case "start":
      return { ...state, current: action.id }
    case "result":
      return { ...state, current: undefined, results: new Map(state.results).set(action.id, action.result) }
    case "stop":
      return { ...state, stopping: true }
    case "end":
      return { ...state, current: undefined, ended: true }
    default:
      return { ...state, action: changeReducer(state.action, action) }
  }
}

/** Rows by what a change does to them. */
export interface RowGroups {
  readonly changing: readonly (BulkInput & { readonly preview: Preview })[]
  readonly unchanged: readonly BulkInput[]
  readonly refused: readonly (BulkInput & { readonly refusal: string })[]
}

export function groupRows(rows: readonly RowPreview[]): RowGroups {
  const free = rows.flatMap(row => ("preview" in row ? [row] : []))
  return {
    changing: free.filter(({ preview }) => !preview.unchanged),
    unchanged: free.filter(({ preview }) => preview.unchanged),
    refused: rows.flatMap(row => ("refusal" in row ? [row] : [])),
  }
}

/** Returns the notes that hold for every row that changes. */
export function commonNotes({ changing }: RowGroups): Preview["notes"] {
  const [first, ...others] = changing.map(({ preview }) => Object.entries(preview.notes ?? {}))
  const common = first?.filter(([name, note]) => others.every(all => all.some(([n, t]) => n === name && t === note)))
  return Object.fromEntries(common ?? [])
}

/** Counts the rows of each effect, the most common first. */
export function countEffects(rows: RowGroups["changing"]): readonly (readonly [effect: string, rows: number])[] {
  const counts = new Map<string, number>()
  for (const { preview } of rows) {
    for (const effect of preview.effects) counts.set(effect, (counts.get(effect) ?? 0) + 1)
  }
  return [...counts].sort(([, a], [, b]) => b - a)
}

/** Combines a row with its preview; rows that need a typed confirmation are refused here. */
export const previewOf = (row: BulkInput, preview: Preview): RowPreview =>
  preview.typed === undefined ? { ...row, preview } : { ...row, refusal: "must be confirmed individually" }

const ABOUT_THE_ROW: readonly DeckError["code"][] = ["conflict", "not_found", "invalid"]

/** Tells whether a failure is this row's own; any other would stop the next one as well. */
export const isAboutRow = ({ code }: DeckError): boolean => ABOUT_THE_ROW.includes(code)
