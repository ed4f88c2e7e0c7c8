import type { CommandCall } from "../../../domain/command-line.ts"
import { show, shown } from "../../../domain/safe-text.ts"
import { markedChoices, type Noun, recordChoices } from "../export/choices.ts"
import { type Contracted, callOf, columnsOf, recordOf } from "../export/contract.ts"
import type { Copying } from "../export/copy.tsx"
import { fileName } from "../export/file-format.ts"
import type { Savable } from "../export/save.tsx"
import { heldSource, type Source } from "../export/source.ts"
import type { ScreenModel } from "../screen.ts"
import type { Shell } from "../shell.ts"
import type { Marks } from "./marks.ts"

interface Listed<Row> {
  readonly shell: Shell
  readonly command: Contracted<Row>
  /** Input of the command. */
  readonly given: CommandCall["given"]
  readonly noun: Noun
  /** Name of what is saved, for the file. */
  readonly name: string
  readonly selected: Row | undefined
  readonly marks: Marks<Row>
  readonly isEmpty: boolean
  /** The whole list. */
  readonly all: Source
  /** Fields that none of its records has. */
  readonly without?: readonly string[]
}

/** Returns what can be copied and saved from a list, and its command. */
export function listExport<Row>(list: Listed<Row>): Copying & Savable & Pick<ScreenModel, "command"> {
  const { shell, command, noun, selected, all } = list
  const { marked } = list.marks
  const records = () => Array.from(marked.values(), row => recordOf(command, row))
  return {
    shell,
    command: callOf(command, list.given),
    copies: () => [
      ...markedChoices(records, marked.size, noun),
      ...(selected === undefined ? [] : recordChoices(recordOf(command, selected), shown`this ${show(noun[0])}`)),
    ],
    saves: () => {
      if (list.isEmpty && marked.size === 0) return undefined
      return {
        noun,
        path: `~/${fileName(list.name, Date.now())}`,
        columns: columnsOf(command).filter(name => !list.without?.includes(name)),
        sources: marked.size === 0 ? [all] : [heldSource(`${marked.size} marked`, records()), all],
      }
    },
  }
}
