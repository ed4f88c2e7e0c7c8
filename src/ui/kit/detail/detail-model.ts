import { type QueryClient, type UseQueryResult, useQueries, useQuery } from "@tanstack/react-query"
import { useEffect, useRef } from "react"
import type { ExportedRecord } from "../../../domain/delimited.ts"
import { type Shown, show, shown } from "../../../domain/safe-text.ts"
import { useStore } from "../../runtime/use-store.ts"
import { ringBell } from "../../terminal/bell.ts"
import { fieldChoice, recordChoices } from "../export/choices.ts"
import { callOf, recordOf } from "../export/contract.ts"
import type { Copying } from "../export/copy.tsx"
import { readFromPieces } from "../read-from.ts"
import { useAskedRefresh, useQuietRefresh } from "../refresh.ts"
import type { ScreenModel, Size } from "../screen.ts"
import { type Shell, useShell } from "../shell.ts"
import type { Detail } from "./declaration.ts"
import { detailBody } from "./detail-body.ts"
import type { DetailLine } from "./detail-lines.ts"
import type { Source } from "./detail-section.ts"
import { readState } from "./read-state.ts"
import { useSelection } from "./selection.ts"

/** Model of the screen of one record. */
export type DetailModel<Subject> = ReturnType<typeof useDetail<unknown, Subject>>

/** Rows of the title. */
const OTHER_ROWS = 1

export function useDetail<Params, Subject>(detail: Detail<Params, Subject>, params: Params, size: Size) {
  const shell = useShell()
  const now = useStore(shell.clock.times)
  const every = useQuietRefresh()
  const main = useQuery(queryFor([detail.id], detail.source, { about: params }, shell, soonerThan(every, detail.every)))
  const own = typeof detail.source === "function" ? detail.source(params) : undefined
  const subject = own ?? main.data
  const known = subject === undefined ? undefined : { about: subject }
  const queries = useQueries({
    queries: detail.sections.map(({ heading, source, every: wanted }) =>
      queryFor(
        [detail.id, heading],
        source,
        known,
        shell,
        soonerThan(every, value => known && wanted?.(value, known.about)),
      ),
    ),
  })
  const whole = readState(main, own)
  const parts = detail.sections.map(({ source }, index) =>
    typeof source === "function"
      ? readState(undefined, subject === undefined ? undefined : source(subject))
      : readState(queries[index] as UseQueryResult),
  )
  const before = useRef(subject)
  useEffect(() => {
    const [was, is] = [before.current, subject]
    before.current = subject
    const news = was === undefined || is === undefined || was === is ? undefined : detail.news?.(was, is)
    if (news === undefined) return
    shell.say(...news)
    if (shell.alerts.hasBell) ringBell(shell.stdout)
    for (const query of queries) if (query.isEnabled) void query.refetch()
  })
  const again = () => Promise.all([main, ...queries].map(query => query.isEnabled && query.refetch()))
  const [isRefreshing, refresh] = useAskedRefresh(again)
  const sources = [detail.source, ...detail.sections.map(({ source }) => source)]
  const mayLag = sources.some(source => typeof source !== "function" && source.mayLag === true)
  const readFrom = readFromPieces(shell.deck.readFrom({ mayLag }))
  const drawing = detailBody(detail, whole, parts, { now, columns: size.columns, isRefreshing, readFrom })

  const { lines } = drawing
  const window = { keys: lines.map(line => line.key), height: size.rows - OTHER_ROWS }
  const complete = [whole, ...parts].every(part => part.value !== undefined || part.failure !== undefined)
  const selection = useSelection(window, complete)
  const { selected: key, cursor } = selection.state
  const selected = key === undefined ? undefined : lines[cursor]

  return {
    ...detailExport(detail, subject, selected),
    /** Undefined until it is read. */
    subject,
    shell,
    drawing,
    ...selection,
    selected,
    refresh,
  }
}

/** The interval of a reading, in ms: that of all that is in sight, or the shorter one that is `wanted` by its value. */
const soonerThan =
  <Value>(every: number | false, wanted: ((value: Value) => number | undefined) | undefined) =>
  (query: { readonly state: { readonly data: Value | undefined } }): number | false => {
    const { data } = query.state
    return every !== false && data !== undefined ? Math.min(every, wanted?.(data) ?? every) : every
  }

/** Returns the query for `source`, disabled until its subject is known and for a part of the subject. */
function queryFor<Subject, Value>(
  name: readonly (string | Shown)[],
  source: Source<Subject, Value>,
  known: { readonly about: Subject } | undefined,
  { deck }: Shell,
  refetchInterval: ReturnType<typeof soonerThan<Value>>,
) {
  const wanted = typeof source === "function" || known === undefined ? undefined : source
  const input = wanted?.input((known as { about: Subject }).about)
  const queryKey = ["detail", ...name, input]
  return {
    queryKey,
    queryFn: ({ signal, client }: { signal: AbortSignal; client: QueryClient }) =>
      (wanted as Exclude<typeof wanted, undefined>).read(deck, input, signal, client.getQueryData(queryKey)),
    enabled: wanted !== undefined,
    refetchInterval,
  }
}

/** Returns what can be copied from a record, and its command. */
function detailExport<Params, Subject>(
  { title, command }: Detail<Params, Subject>,
  subject: Subject | undefined,
  selected: DetailLine | undefined,
): Pick<Copying, "copies"> & Pick<ScreenModel, "command"> {
  if (subject === undefined) return { copies: () => [] }
  return {
    command: command?.given && callOf(command, command.given(subject)),
    copies: () => {
      const record = (command ? recordOf(command, subject) : subject) as ExportedRecord
      return [
        ...(selected?.copyable === undefined ? [] : [fieldChoice(shown`the selected line`, selected.copyable)]),
        ...recordChoices(record, shown`this ${show(title.toLowerCase())}`),
      ]
    },
  }
}
