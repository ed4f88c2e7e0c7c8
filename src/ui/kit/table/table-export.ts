import type { z } from "zod"
import { show, shown } from "../../../domain/safe-text.ts"
import type { ListQuery } from "../destinations.ts"
import { fieldChoices, markedChoices, recordChoice } from "../export/choices.ts"
import { type Contracted, callOf, columnsOf, recordOf } from "../export/contract.ts"
import type { Copying } from "../export/copy.tsx"
import { fileName } from "../export/file-format.ts"
import type { Savable } from "../export/save.tsx"
import { heldSource, listPages, type Source } from "../export/source.ts"
import type { ScreenModel } from "../screen.ts"
import type { Shell } from "../shell.ts"
import type { Marks } from "./marks.ts"
import type { Table } from "./table-model.ts"

interface Listed<Row> {
  readonly shell: Shell
  readonly rows: readonly Row[]
  readonly selected: Row | undefined
  readonly marks: Marks<Row>
  readonly wanted: ListQuery
  /** More rows follow. */
  readonly hasMore: boolean
}

/** Returns what can be copied and saved from a list, and its command. */
export function tableExport<Input extends z.ZodObject, Row>(
  { operation, noun }: Table<Input, Row>,
  { shell, rows, selected, marks, wanted, hasMore }: Listed<Row>,
): Copying & Savable & Pick<ScreenModel, "command"> {
  const command: Contracted<Row> = { operation }
  const { size } = marks.marked
  const marked = () => [...marks.marked.values()].map(row => recordOf(command, row))
  const all: Source = {
    label: `all, to the end of the list`,
    count: hasMore ? undefined : rows.length,
    async *pages(signal) {
      for await (const page of listPages(shell.deck, operation, wanted, signal)) {
        yield page.map(row => recordOf(command, row))
      }
    },
  }
  return {
    shell,
    command: callOf(command, wanted),
    copies: () => {
      const record = selected && recordOf(command, selected)
      return [
        ...markedChoices(marked, size, noun),
        ...(record ? [recordChoice(record, shown`this ${show(noun[0])}`)] : []),
        ...(record ? fieldChoices(record) : []),
      ]
    },
    saves: () => {
      if (rows.length === 0 && size === 0) return undefined
      return {
        noun,
        path: `~/${fileName(operation.words[0] as string, Date.now())}`,
        columns: columnsOf(command),
        sources: size === 0 ? [all] : [heldSource(`${size} marked`, marked()), all],
      }
    },
  }
}
