import type { ApiKey } from "../../../domain/api-key.ts"
import { shown } from "../../../domain/safe-text.ts"
import { TIME, textCell, timeCell } from "../../widgets/cells.ts"
import { piece } from "../../widgets/line.tsx"
import type { Column } from "../../widgets/table.tsx"

/** Columns of API keys. */
export const keyColumns: readonly Column<ApiKey>[] = [
  { header: shown`KEY`, width: 12, cell: key => textCell(`${key.key_prefix}…`) },
  {
    header: shown`STATE`,
    width: 8,
    cell: ({ revoked_at }) => (revoked_at ? piece(shown`revoked`, "dim") : piece(shown`works`, "good")),
  },
  { header: shown`LAST USED`, ...TIME, cell: (key, room) => timeCell(key.last_used_at, room) },
  { header: shown`NAME`, width: 16, roomy: 24, dropAs: 1, cell: key => textCell(key.name) },
]
