import type { ExportedRecord } from "../../../domain/delimited.ts"
import type { Shown } from "../../../domain/safe-text.ts"
import type { Deck } from "../../../services/deck.ts"
import type { Operation } from "../../../services/operation.ts"

/** Records to save, held a page at a time. */
export interface Source {
  /** Label in the dialog: `3 marked`. */
  readonly label: string
  /** Number of records; undefined where it is known at the end only. */
  readonly count: number | undefined
  /** `warn` reports what the records lack. */
  readonly pages: (signal: AbortSignal, warn: (warning: Shown) => void) => AsyncIterable<readonly ExportedRecord[]>
}

/** Returns the source of records in memory, such as marked rows. */
export const heldSource = (label: string, records: readonly ExportedRecord[]): Source => ({
  label,
  count: records.length,
  async *pages() {
    yield records
  },
})

/** Most rows of a page (contract, section 2). */
const PAGE_ROWS = 200

/** Reads all rows of a list page by page. */
export async function* listPages<Row>(
  deck: Deck,
  operation: Operation<Operation["input"], { data: Row[]; next_cursor: string | null }>,
  wanted: object,
  signal: AbortSignal,
): AsyncGenerator<readonly Row[]> {
  let cursor: string | null | undefined
  while (cursor !== null) {
    const page = await deck.run(operation, { ...wanted, cursor, limit: PAGE_ROWS }, { signal })
    yield page.data
    cursor = page.next_cursor
  }
}
