import type { RedemptionCodeRow } from "../../../domain/redemption-code.ts"
import { shown } from "../../../domain/safe-text.ts"
import { listRedemptionCodes } from "../../../services/redemption/redemption-codes.ts"
import type { Table, TableModel } from "../../kit/table/table-model.ts"
import { defineNarrowedTable, defineTable } from "../../kit/table/table-screen.tsx"
import { batchMadeScreen } from "./batch-made.tsx"
import { batchKey, codeSwitches } from "./code-changes.ts"
import { codeColumns } from "./code-columns.ts"
import { redemptionCodeScreen } from "./code-detail.tsx"
import { newBatchScreen } from "./new-batch.tsx"

const codes: Table<typeof listRedemptionCodes.input, RedemptionCodeRow> = {
  id: "codes",
  title: "Codes",
  tabKey: "7",
  summary: listRedemptionCodes.summary,
  inside: [redemptionCodeScreen],
  operation: listRedemptionCodes,
  noun: ["redemption code", "redemption codes"],
  rowId: code => code.id,
  open: ({ id }, shell) => shell.open("redemptionCode", { id }),
  filters: [{ field: "state", key: "v", without: shown`in any state` }],
  narrowings: [
    { field: "batch_id", label: "batch", value: code => code.batch_id, name: code => code.batch_id },
    { field: "type", label: "type", value: code => code.type, name: code => code.type },
  ],
  bulk: { changes: codeSwitches, name: ({ code }) => code },
  bindings: [
    {
      keys: ["C"],
      label: "new batch",
      changes: true,
      footer: true,
      help: "create redemption codes",
      run: ({ shell }) => shell.push(newBatchScreen, { made: batch => shell.push(batchMadeScreen, batch) }),
    },
    batchKey<TableModel<RedemptionCodeRow>>(({ selected }) => selected),
  ],
  columns: codeColumns,
}

/** List of redemption codes. */
export const codesScreen = defineTable(codes)

/** List of the codes of one batch. */
export const codesOfScreen = defineNarrowedTable(codes)
