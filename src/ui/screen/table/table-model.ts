import { keepPreviousData, useInfiniteQuery } from "@tanstack/react-query"
import { useEffect, useMemo, useState } from "react"
import type { z } from "zod"
import { asDeckError, type DeckError } from "../../../domain/errors.ts"
import type { Shown } from "../../../domain/safe-text.ts"
import type { Operation } from "../../../services/operation.ts"
import type { Binding } from "../../keys/binding.ts"
import type { Chord } from "../../keys/chord.ts"
import { useDebounced } from "../../live/use-debounced.ts"
import { useStore } from "../../live/use-store.ts"
import { type Shell, usePlaceReducer, useShell } from "../../shell/shell-context.ts"
import type { Things } from "../../taking/choices.ts"
import type { Contracted } from "../../taking/contract.ts"
import type { Copying } from "../../taking/copy.tsx"
import type { Savable } from "../../taking/save.tsx"
import type { Column } from "../../widgets/table.tsx"
import { type FieldText, fieldTarget, fieldText, textOf } from "../../widgets/text-field.ts"
import type { ScreenModel, Size } from "../screen.ts"
import { type BulkAction, type Marking, marksReducer, noMarks } from "./marks.ts"
import { initialTableState, type TableState, tableReducer } from "./table-state.ts"
import { tableTaking } from "./table-taking.ts"

/** An input of the operation that one key steps through: nothing first, then the choices of its schema. */
export interface TableFilter<Input extends z.ZodObject> {
  readonly field: keyof z.output<Input> & string
  readonly key: Chord
  /** What the list holds without it. */
  readonly without: Shown
}

/** An input of the operation that holds the list to what some row has, such as one person. */
export interface Narrowing<Input extends z.ZodObject, Row> {
  readonly field: keyof z.output<Input> & string
  /** What it is called in front of its value: `actor`. */
  readonly label: string
  /** The key that narrows the list to what the selected row has; without one only who opens the screen can. */
  readonly key?: Chord
  readonly value: (row: Row) => string | null
  /** What people call the value; all rows of a narrowed list have the same. */
  readonly name: (row: Row) => string | null
}

/** A list, declared once. `operation` answers pages with cursors, and searches by its input `q` where it has one. */
export interface Table<Input extends z.ZodObject, Row> {
  readonly id: string
  readonly title: string
  readonly digit: string
  readonly summary: string
  readonly operation: Operation<Input, { data: Row[]; next_cursor: string | null }>
  /** The contract's own list, whose JSON the rows are taken along as, and whose words are shared. */
  readonly command: Contracted<Row>
  readonly things: Things
  readonly columns: readonly Column<Row>[]
  readonly rowId: (row: Row) => string
  readonly filters: readonly TableFilter<Input>[]
  readonly narrowings?: readonly Narrowing<Input, Row>[]
  /** What Enter does on a row. */
  readonly open?: (row: Row, shell: Shell) => void
  /** What can be done to marked rows together. */
  readonly bulk?: readonly BulkAction<Row>[]
  /** Keys of this list alone. */
  readonly bindings?: readonly Binding<TableModel<Row>>[]
}

/** The operation's input, but for limit and cursor: the search as `q`, and the filters. */
export type Wanted = Readonly<Record<string, string | undefined>>

export interface TableModel<Row> extends ScreenModel, Marking<Row>, Copying, Savable {
  readonly rows: readonly Row[]
  readonly state: TableState
  readonly height: number
  readonly wanted: Wanted
  readonly editing: FieldText | undefined
  /** When the oldest of the rows was read, ms since the epoch; null before there are any. */
  readonly asOf: number | null
  readonly now: number
  /** The rows are those of the search before. */
  readonly outdated: boolean
  readonly reading: boolean
  /** More rows follow: the next page, or more than are held. */
  readonly more: "page" | "too many" | undefined
  /** Why the last reading failed, where it did. */
  readonly failure: DeckError | undefined
  move(by: number): void
  refresh(): void
  editSearch(): void
  takeSearch(): void
  dropEdit(): void
  setFilter(field: string, choice: string | undefined): void
  clear(): void
}

/** Rows that are not of the list: how it stands and column titles; a search takes one more. */
const OTHER_ROWS = 2
const PAGE_ROWS = 100
const HELD_PAGES = 100

export const hasSearch = ({ input }: Operation): boolean => "q" in input.shape

/** `preset` is what the list is narrowed to when it is opened; it can be dropped like any other filter. */
export function useTable<Input extends z.ZodObject, Row>(
  table: Table<Input, Row>,
  preset: Wanted,
  size: Size,
): TableModel<Row> {
  const { operation, rowId } = table
  const shell = useShell()
  const { deck, clock } = shell
  const now = useStore(clock.times)
  const [kept, want] = usePlaceReducer("wanted", changeWanted, () => preset)
  const [editing, setEditing] = useState<FieldText>()
  const q = editing ? textOf(editing).trim() || undefined : kept.q
  const wanted = useMemo(() => ({ ...kept, q }), [kept, q])
  const asked = useDebounced(wanted)

  const query = useInfiniteQuery({
    queryKey: [...operation.words, asked],
    queryFn: async ({ pageParam, signal }) => {
      const page = await deck.run(operation, { ...asked, cursor: pageParam, limit: PAGE_ROWS }, { signal })
      return { ...page, list: JSON.stringify(asked), readAt: Date.now() }
    },
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page, all) => (all.length < HELD_PAGES ? page.next_cursor : null),
    placeholderData: keepPreviousData,
  })
  const { data, hasNextPage, isFetching, failureReason, fetchNextPage } = query
  const rows = useMemo(() => data?.pages.flatMap(page => page.data) ?? [], [data])
  const ids = useMemo(() => rows.map(rowId), [rows, rowId])

  const height = size.rows - OTHER_ROWS - (hasSearch(operation) ? 1 : 0)
  const window = { list: data?.pages[0]?.list ?? "", ids, height }
  const [place, dispatch] = usePlaceReducer("place", tableReducer, () => initialTableState)
  const state = tableReducer(place, { type: "settle", ...window })
  useEffect(() => {
    if (state !== place) dispatch({ type: "settle", list: state.list, ids, height })
  })

  const [marks, changeMarks] = usePlaceReducer("marks", marksReducer<Row>, noMarks<Row>)
  const selected = rows[state.cursor]
  const move = (by: number) => dispatch({ type: "move", by, ...window })

  const nearEnd = state.cursor + 2 * height >= rows.length
  useEffect(() => {
    if (nearEnd && hasNextPage && !isFetching && !failureReason) void fetchNextPage()
  }, [nearEnd, hasNextPage, isFetching, failureReason, fetchNextPage])

  const edit = (change: (text: FieldText) => FieldText) => setEditing(text => text && change(text))
  const more = hasNextPage ? "page" : data?.pages.at(-1)?.next_cursor ? "too many" : undefined
  return {
    ...tableTaking(table, { shell, rows, selected, marks, wanted, hasMore: more !== undefined }),
    rows,
    selected,
    marks,
    state,
    height,
    wanted,
    editing,
    now,
    asOf: data?.pages[0]?.readAt ?? null,
    outdated: wanted !== asked || query.isPlaceholderData,
    reading: isFetching,
    more,
    failure: failureReason ? asDeckError(failureReason) : undefined,
    field: editing && fieldTarget(edit),
    move,
    click: row => {
      const index = state.top + row - (size.rows - height)
      if (index >= state.top && index < rows.length) move(index - state.cursor)
    },
    mark: () => {
      if (selected === undefined) return
      changeMarks({ type: "toggle", id: rowId(selected), row: selected })
      move(1)
    },
    unmark: (ids, last) => changeMarks({ type: "drop", ids, last }),
    markAgain: () => changeMarks({ type: "again" }),
    refresh: () => void query.refetch(),
    editSearch: () => setEditing(fieldText(kept.q ?? "")),
    takeSearch: () => {
      want({ q })
      setEditing(undefined)
    },
    dropEdit: () => setEditing(undefined),
    setFilter: (field, choice) => want({ [field]: choice }),
    clear: () => want(Object.fromEntries(Object.keys(kept).map(name => [name, undefined]))),
  }
}

const changeWanted = (wanted: Wanted, change: Wanted): Wanted => ({ ...wanted, ...change })
