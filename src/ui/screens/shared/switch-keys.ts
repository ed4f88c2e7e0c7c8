import type { z } from "zod"
import type { Change } from "../../../services/operation.ts"
import type { Binding } from "../../keys/binding.ts"
import { changeDialog } from "../../kit/change/change-dialog.tsx"
import type { Opened } from "../../kit/detail/detail.tsx"
import type { BulkChange } from "../../kit/table/marks.ts"

interface Switched {
  readonly id: string
  readonly is_active: boolean
}

/** The keys that switch a code on and off; `change` takes its `id` and `is_active`. `off` says what nobody can do any more. */
export const switchKeys = <Code extends Switched>(
  change: Change<z.ZodObject, unknown>,
  off: string,
): Binding<Opened<Code>>[] => {
  const turn = ({ subject, shell }: Opened<Code>, is_active: boolean) =>
    shell.push(changeDialog, { change, input: { id: subject.id, is_active } })
  return [
    {
      keys: ["A"],
      label: "activate",
      changes: true,
      footer: true,
      help: "switch the code on",
      possible: ({ subject }) => !subject.is_active || "it is on already",
      run: here => turn(here, true),
    },
    {
      keys: ["X"],
      label: "deactivate",
      changes: true,
      footer: true,
      help: `switch the code off: ${off}`,
      possible: ({ subject }) => subject.is_active || "it is off already",
      run: here => turn(here, false),
    },
  ]
}

/** The same keys for the codes of a list. */
export const switchMarked = <Code extends Switched>(
  common: Pick<BulkChange<Code>, "change" | "name">,
): BulkChange<Code>[] => [
  { ...common, key: "A", label: "activate", verb: "Activate", input: ({ id }) => ({ id, is_active: true }) },
  { ...common, key: "X", label: "deactivate", verb: "Deactivate", input: ({ id }) => ({ id, is_active: false }) },
]
