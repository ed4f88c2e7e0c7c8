import type { z } from "zod"
import type { Change } from "../../../services/operation.ts"
import type { RecordChange } from "../../kit/change/record-change.ts"

interface Switched {
  readonly id: string
  readonly is_active: boolean
}

/** Returns the changes that switch a code on and off; `change` takes its `id` and `is_active`. */
export const switches = (change: Change<z.ZodObject, unknown>, offMeans: string): readonly RecordChange<Switched>[] => [
  {
    key: "A",
    label: "activate",
    help: "switch the code on",
    change,
    input: ({ id }) => ({ id, is_active: true }),
    possible: ({ is_active }) => !is_active || "already on",
  },
  {
    key: "X",
    label: "deactivate",
    help: `switch the code off: ${offMeans}`,
    change,
    input: ({ id }) => ({ id, is_active: false }),
    possible: ({ is_active }) => is_active || "already off",
  },
]
