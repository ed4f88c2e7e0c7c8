import type { ExportedRecord } from "../../../domain/delimited.ts"
import { show, shown } from "../../../domain/safe-text.ts"
import { type CopyChoice, fieldChoice, fieldChoices, recordChoice } from "../export/choices.ts"
import { callOf, recordOf } from "../export/contract.ts"
import type { Copying } from "../export/copy.tsx"
import type { ScreenModel } from "../screen.ts"
import type { Detail } from "./declaration.ts"
import type { DetailLine } from "./detail-lines.ts"

/** Returns what can be copied from a record, and its command. */
export function detailExport<Params, Subject>(
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
        ...lineChoices(selected?.copyable),
        recordChoice(record, shown`this ${show(title.toLowerCase())}`),
        ...fieldChoices(record),
      ]
    },
  }
}

/** Returns the choice of the selected line: an id, or the row of a small table. */
function lineChoices(told: unknown): CopyChoice[] {
  if (told === undefined) return []
  return [{ ...fieldChoice(shown`the line at the cursor`, told), key: "f" }]
}
