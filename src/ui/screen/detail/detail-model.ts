import { type UseQueryResult, useQueries, useQuery } from "@tanstack/react-query"
import { asDeckError, type DeckError } from "../../../domain/errors.ts"
import type { Shown } from "../../../domain/safe-text.ts"
import { useStore } from "../../live/use-store.ts"
import { type Shell, useShell } from "../../shell/shell-context.ts"
import type { ContractedThing } from "../../taking/contract.ts"
import type { Copying } from "../../taking/copy.tsx"
import type { Piece } from "../../widgets/line.tsx"
import type { Argument } from "../argument.ts"
import type { ScreenModel, Size } from "../screen.ts"
import { type Drawing, detailBody } from "./detail-body.ts"
import type { Field } from "./detail-fields.ts"
import type { DetailLine } from "./detail-lines.ts"
import type { Section, Source } from "./detail-section.ts"
import { detailTaking } from "./detail-taking.ts"
import { type Moving, useMoving } from "./moving.ts"

/** One thing, declared once: what it is read from, what it is called, its fields and its sections. */
export interface Detail<Params, Subject> {
  readonly id: string
  readonly title: string
  /** The key of its tab, where there is but one such thing. */
  readonly digit?: string
  /** One sentence for help and palette. */
  readonly summary: string
  readonly argument?: Argument<Params>
  readonly source: Source<Params, Subject>
  /** The command of the contract that shows it; where there is none, what is copied is all that was read. */
  readonly command?: ContractedThing<Subject>
  /** What stands beside the title: a name, a state. */
  readonly name: (subject: Subject) => readonly Piece[]
  readonly fields: (subject: Subject) => readonly Field[]
  readonly sections: readonly Section<Subject>[]
}

/** How one reading stands. `value` may be older than the failure beside it. */
export interface Standing<Value = unknown> {
  readonly value: Value | undefined
  /** When it was read, ms since the epoch; null before it was, or where it is part of the subject. */
  readonly asOf: number | null
  readonly reading: boolean
  readonly failure: DeckError | undefined
}

export interface DetailModel<Subject> extends ScreenModel, Moving, Copying {
  /** Undefined before it was read. */
  readonly subject: Subject | undefined
  readonly drawing: Drawing
  readonly selected: DetailLine | undefined
  refresh(): void
}

/** The title. */
const OTHER_ROWS = 1

export function useDetail<Params, Subject>(
  detail: Detail<Params, Subject>,
  params: Params,
  size: Size,
): DetailModel<Subject> {
  const shell = useShell()
  const now = useStore(shell.clock.times)
  const main = useQuery(queryFor([detail.id], detail.source, { about: params }, shell))
  const own = typeof detail.source === "function" ? detail.source(params) : undefined
  const subject = own ?? main.data
  const known = subject === undefined ? undefined : { about: subject }
  const queries = useQueries({
    queries: detail.sections.map(({ heading, source }) => queryFor([detail.id, heading], source, known, shell)),
  })
  const whole = standing(main, own)
  const parts = detail.sections.map(({ source }, index) =>
    typeof source === "function"
      ? standing(undefined, subject === undefined ? undefined : source(subject))
      : standing(queries[index] as UseQueryResult),
  )
  const drawing = detailBody(detail, whole, parts, { now, columns: size.columns })

  const { lines } = drawing
  const window = { keys: lines.map(line => line.key), height: size.rows - OTHER_ROWS }
  const complete = [whole, ...parts].every(part => part.value !== undefined || part.failure !== undefined)
  const moving = useMoving(window, complete)
  const { selected: key, cursor } = moving.state
  const selected = key === undefined ? undefined : lines[cursor]

  return {
    ...detailTaking(detail, subject, selected),
    subject,
    shell,
    drawing,
    ...moving,
    selected,
    refresh: () => {
      for (const query of [main, ...queries]) if (query.isEnabled) void query.refetch()
    },
  }
}

/** What react-query reads for `source`; nothing before it is known what about, or where the value is part of that. */
function queryFor<Subject, Value>(
  name: readonly (string | Shown)[],
  source: Source<Subject, Value>,
  known: { readonly about: Subject } | undefined,
  { deck }: Shell,
) {
  const wanted = typeof source === "function" || known === undefined ? undefined : source
  const input = wanted?.input((known as { about: Subject }).about)
  return {
    queryKey: ["detail", ...name, input],
    queryFn: ({ signal }: { signal: AbortSignal }) =>
      (wanted as Exclude<typeof wanted, undefined>).read(deck, input, signal),
    enabled: wanted !== undefined,
  }
}

function standing<Value>(query: UseQueryResult<Value> | undefined, own?: Value): Standing<Value> {
  if (query === undefined || own !== undefined) {
    return { value: own, asOf: null, reading: false, failure: undefined }
  }
  const { data, dataUpdatedAt, isFetching, failureReason } = query
  return {
    value: data,
    asOf: data === undefined ? null : dataUpdatedAt,
    reading: isFetching,
    failure: failureReason ? asDeckError(failureReason) : undefined,
  }
}
