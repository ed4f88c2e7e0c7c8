import type { DeckError } from "../../../domain/errors.ts"
import type { Preview, Step } from "../../../services/operation.ts"
import { type ChangeAction, type ChangeState, changeReducer } from "./change-state.ts"

/** One row that something is done to. */
export interface BulkInput {
  readonly id: string
  readonly label: string
  readonly input: Readonly<Record<string, unknown>>
}

/** What would happen to one row, or why nothing can. */
export type RowForesight = BulkInput & ({ readonly preview: Preview } | { readonly refusal: string })

/** What came of one row. */
export type RowResult = { readonly steps: readonly Step[] } | { readonly failure: string }

/** One change made row by row: how far it is, and what came of each. */
export interface BulkState {
  readonly action: ChangeState
  readonly results: ReadonlyMap<string, RowResult>
  /** The row that is being changed. */
  readonly current: string | undefined
  /** It stops after the present row. */
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

/** What becomes of the rows: those that change, those that are so already, and those that are refused. */
export interface Fates {
  readonly changing: readonly (BulkInput & { readonly preview: Preview })[]
  readonly unchanged: readonly BulkInput[]
  readonly refused: readonly (BulkInput & { readonly refusal: string })[]
}

export function fatesOf(rows: readonly RowForesight[]): Fates {
  const free = rows.flatMap(row => ("preview" in row ? [row] : []))
  return {
    changing: free.filter(({ preview }) => !preview.unchanged),
    unchanged: free.filter(({ preview }) => preview.unchanged),
    refused: rows.flatMap(row => ("refusal" in row ? [row] : [])),
  }
}

/** A word behind an option, where it is true of every row that changes. */
export function commonNotes({ changing }: Fates): Preview["notes"] {
  const [first, ...others] = changing.map(({ preview }) => Object.entries(preview.notes ?? {}))
  const common = first?.filter(([name, note]) => others.every(all => all.some(([n, t]) => n === name && t === note)))
  return Object.fromEntries(common ?? [])
}

/** How many rows each sentence is about, the most common first. */
export function countEffects(rows: Fates["changing"]): readonly (readonly [effect: string, rows: number])[] {
  const counts = new Map<string, number>()
  for (const { preview } of rows) {
    for (const effect of preview.effects) counts.set(effect, (counts.get(effect) ?? 0) + 1)
  }
  return [...counts].sort(([, a], [, b]) => b - a)
}

/** What has to be typed to be confirmed is done one by one. */
export const foresee = (row: BulkInput, preview: Preview): RowForesight =>
  preview.typed === undefined ? { ...row, preview } : { ...row, refusal: "has to be confirmed by itself" }

const ABOUT_THE_ROW: readonly DeckError["code"][] = ["conflict", "not_found", "invalid"]

/** Whether a failure is this row's own; any other would meet the next one as well. */
export const isAboutRow = ({ code }: DeckError): boolean => ABOUT_THE_ROW.includes(code)
