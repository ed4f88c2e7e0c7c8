import { keepPreviousData, useInfiniteQuery, useQuery } from "@tanstack/react-query"
import { useEffect, useMemo } from "react"
import type { z } from "zod"
import { asDeckError } from "../../../domain/errors.ts"
import type { Shown } from "../../../domain/safe-text.ts"
import type { Operation } from "../../../services/operation.ts"
import { explainHiddenRows } from "../../../services/row-security.ts"
import { needsPeriod } from "../../../services/sort.ts"
import { sortsServed } from "../../../services/sorts-served.ts"
import { type Total, totalOf } from "../../../services/total.ts"
import type { Binding } from "../../keys/binding.ts"
import type { Chord } from "../../keys/chord.ts"
import { useDebounced } from "../../runtime/use-debounced.ts"
import { useStore } from "../../runtime/use-store.ts"
import type { Piece } from "../../widgets/line.tsx"
import type { Column } from "../../widgets/table.tsx"
import type { ListQuery } from "../destinations.ts"
import type { Noun } from "../export/choices.ts"
import { type Contracted, recordOf } from "../export/contract.ts"
import { listPages, type Source } from "../export/source.ts"
import { pageOf } from "../moving.ts"
import { useAskedRefresh, useQuietRefresh } from "../refresh.ts"
import type { ScreenInfo, Size } from "../screen.ts"
import { type Shell, useScreenReducer, useScreenState, useShell } from "../shell.ts"
import { type BulkChanges, marksReducer, noMarks } from "./marks.ts"
import { listExport } from "./table-export.ts"
import { completionOfList, useTableFilter } from "./table-filter.ts"
import { initialTableState, tableReducer } from "./table-state.ts"

/** Input of the operation that one key steps through: nothing first, then the choices of its schema. */
export interface TableFilter<Input extends z.ZodObject> {
  readonly field: keyof z.output<Input> & string
  readonly key: Chord
  /** Text for the list without the filter. */
  readonly without: Shown
}

/** Input of the operation that restricts the list to one value, such as one user. */
export interface Narrowing<Input extends z.ZodObject, Row> {
  readonly field: keyof z.output<Input> & string
  /** Text before the value: `actor`. */
  readonly label: string
  readonly value: (row: Row) => string | null
  /** Name of the value, the same in all rows of a narrowed list. */
  readonly name: (row: Row) => string | null
}

/**
 * Declaration of a list. `operation` answers pages with cursors, of what its input `filter` asks for. Rows are exported as its
 * command prints them.
 */
export interface Table<Input extends z.ZodObject, Row>
  extends Pick<ScreenInfo, "id" | "title" | "shortTitle" | "summary" | "inside"> {
  /** For a list with a tab. */
  readonly tabKey?: Chord
  readonly operation: Operation<Input, { data: Row[]; next_cursor: string | null }>
  readonly noun: Noun
  /** Said where there is no row, without a filter; default: that there is nothing yet. */
  readonly empty?: Shown
  readonly columns: readonly Column<Row>[]
  readonly rowId: (row: Row) => string
  readonly filters?: readonly TableFilter<Input>[]
  readonly narrowings?: readonly Narrowing<Input, Row>[]
  /** Draws the sums over the whole list; for one that is too long to be counted, that. */
  readonly sums?: (total: Total) => Shown
  readonly open?: (row: Row, shell: Shell, list: TableModel<Row>) => void
  readonly bulk?: BulkChanges<Row>
  readonly bindings?: readonly Binding<TableModel<Row>>[]
  /** Hook for what stands behind the number of rows, on a screen of so many columns. */
  readonly useAside?: (columns: number) => readonly Piece[]
}

/** Model of a list. */
export type TableModel<Row> = ReturnType<typeof useTable<z.ZodObject, Row>>

/** Rows of status, filter and column titles. */
const OTHER_ROWS = 3
const PAGE_ROWS = 100
const HELD_PAGES = 100
/** Refreshes until a list is counted again. */
const COUNTED_EVERY = 3

/** Makes the model of a list; `preset` is its initial narrowing, which can be dropped like a filter. */
export function useTable<Input extends z.ZodObject, Row>(table: Table<Input, Row>, preset: ListQuery, size: Size) {
  const { operation, rowId, noun } = table
  const shell = useShell()
  const { deck, clock } = shell
  const now = useStore(clock.times)
  const filtering = useTableFilter(operation.input, preset)
  const { wanted } = filtering
  const asked = useDebounced(wanted)
  const [sort, changeSort] = useScreenState("sort", (): string | undefined => undefined)
  const every = useQuietRefresh(filtering.typing !== undefined)
  /** What is listed, however it is sorted: by an amount, the rows of a period. */
  const isBounded = operation.sorts !== undefined && needsPeriod(operation.input, operation.sorts, { ...asked, sort })
  const listed = isBounded ? { ...asked, sort } : asked

  const query = useInfiniteQuery({
    queryKey: [...operation.words, asked, sort],
    queryFn: async ({ pageParam, signal }) => {
      const page = await deck.run(operation, { ...asked, sort, cursor: pageParam, limit: PAGE_ROWS }, { signal })
      return { ...page, list: JSON.stringify([asked, sort]), readAt: Date.now(), readFrom: deck.readFrom(operation) }
    },
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page, all) => (all.length < HELD_PAGES ? page.next_cursor : null),
    placeholderData: keepPreviousData,
    // As much is read in a time however many pages are held.
    refetchInterval: ({ state }) => every && every * Math.max(1, state.data?.pages.length ?? 1),
  })
  const { data: hidden } = useQuery({
    queryKey: explainHiddenRows.words,
    queryFn: ({ signal }) => deck.run(explainHiddenRows, {}, { signal }),
    staleTime: Number.POSITIVE_INFINITY,
  })
  const { data: refusals = {} } = useQuery({
    queryKey: [...operation.words, "sorts", asked],
    queryFn: ({ signal }) => deck.run(sortsServed(operation), asked, { signal }),
    // Each text that is typed would be asked about.
    enabled: operation.sorts !== undefined && filtering.typing === undefined,
    staleTime: Number.POSITIVE_INFINITY,
    retry: false,
  })
  const { data, hasNextPage, isFetching, isFetchingNextPage, failureReason, fetchNextPage } = query
  const rows = useMemo(() => data?.pages.flatMap(page => page.data) ?? [], [data])
  const completing = completionOfList(filtering, operation.input, rows, table.narrowings ?? [], size.columns)
  const { hint } = completing
  const ids = useMemo(() => rows.map(rowId), [rows, rowId])

  const height = size.rows - OTHER_ROWS - hint.length
  const { list = "" } = data?.pages[0] ?? {}
  const window = { list, ids, height }
  const [place, dispatch] = useScreenReducer("place", tableReducer, () => initialTableState)
  const state = tableReducer(place, { type: "settle", ...window })
  useEffect(() => {
    if (state !== place) dispatch({ type: "settle", ...window })
  })

  const [marks, changeMarks] = useScreenReducer("marks", marksReducer<Row>, noMarks<Row>)
  const selected = rows[state.cursor]
  const move = (by: number) => dispatch({ type: "move", by, ...window })

  const nearEnd = state.cursor + 2 * height >= rows.length
  useEffect(() => {
    if (nearEnd && hasNextPage && !isFetching && !failureReason) void fetchNextPage()
  }, [nearEnd, hasNextPage, isFetching, failureReason, fetchNextPage])

  const more: "page" | "too many" | undefined = hasNextPage
    ? "page"
    : data?.pages.at(-1)?.next_cursor
      ? "too many"
      : undefined
  const isSummed = table.sums !== undefined && data !== undefined
  const { data: total, refetch: countAgain } = useQuery({
    queryKey: [...operation.words, "total", listed],
    queryFn: ({ signal }) => deck.run(totalOf(operation), listed, { signal }),
    enabled: more !== undefined || isSummed,
    refetchInterval: every && every * COUNTED_EVERY,
    retry: false,
  })
  const [isRefreshing, refresh] = useAskedRefresh(() =>
    Promise.all([query.refetch(), (more || isSummed) && countAgain()]),
  )
  const command: Contracted<Row> = { operation }
  const name = operation.words[0] as string
  const all: Source = {
    label: "all, to the end of the list",
    count: more === undefined ? rows.length : undefined,
    async *pages(signal) {
      for await (const page of listPages(deck, operation, { ...wanted, sort }, signal)) {
        yield page.map(row => recordOf(command, row))
      }
    },
  }
  return {
    ...listExport({
      shell,
      command,
      given: { ...wanted, sort },
      noun,
      name,
      selected,
      marks,
      isEmpty: rows.length === 0,
      all,
    }),
    rows,
    /** Columns of the terminal. */
    width: size.columns,
    selected,
    marks,
    state,
    height,
    ...filtering,
    ...completing,
    /** The sort that was chosen, as the operation's input has it; undefined for the list's own order. */
    sort,
    /** The rows are those of the period that the sort needs, of which the filter says nothing. */
    isBounded,
    /** Why the list cannot be sorted by a field here; null where it can. */
    refusals,
    sortBy: (chosen: string | undefined) => changeSort(() => chosen),
    now,
    /** Time the oldest row was read, ms since the epoch; null before there are any. */
    asOf: data?.pages[0]?.readAt ?? null,
    /** Where it was read, where a replica is to be read. */
    readFrom: data?.pages[0]?.readFrom,
    /** The rows are those of the previous search. */
    outdated: wanted !== asked || query.isPlaceholderData,
    /** Rows are on their way that somebody waits for. */
    reading: isFetchingNextPage || isRefreshing || (isFetching && data === undefined),
    /** Rows that follow: the next page, or more than are held. */
    more,
    /** Rows of the whole list, where that is known and more than are read. */
    total: total && total.rows > rows.length ? total : undefined,
    /** Sums over the whole list, for lists that have some; undefined until they are counted. */
    sums: total ? table.sums?.(total) : undefined,
    /** What there is to say of rows that PostgreSQL may hide from this role. */
    hiddenRows: hidden?.says ?? undefined,
    failure: failureReason ? asDeckError(failureReason) : undefined,
    page: pageOf(height),
    move,
    click: (row: number) => {
      const index = state.top + row - (size.rows - height)
      if (index >= state.top && index < rows.length) move(index - state.cursor)
    },
    /** Marks or unmarks the selected row, and selects the next. */
    mark: () => {
      if (selected === undefined) return
      changeMarks({ type: "toggle", id: rowId(selected), row: selected })
      move(1)
    },
    unmark: (ids: readonly string[], last: readonly string[]) => changeMarks({ type: "drop", ids, last }),
    markAgain: () => changeMarks({ type: "again" }),
    refresh,
  }
}
