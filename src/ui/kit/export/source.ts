import type { ExportedRecord } from "../../../domain/delimited.ts"
import type { Shown } from "../../../domain/safe-text.ts"
import type { Deck } from "../../../services/deck.ts"
import type { Operation } from "../../../services/operation.ts"

/** Records to be saved, of which no more than a page is held at a time. */
export interface Source {
  /** As the dialog offers it: `3 marked`. */
  readonly label: string
  /** How many there are; undefined where that is known at the end only. */
  readonly count: number | undefined
  /** `tell` takes a word about what they lack. */
  readonly pages: (signal: AbortSignal, tell: (word: Shown) => void) => AsyncIterable<readonly ExportedRecord[]>
}

/** What is held already, such as the marked rows. */
export const heldSource = (label: string, records: readonly ExportedRecord[]): Source => ({
  label,
  count: records.length,
  async *pages() {
    yield records
  },
})

/** The most that a list answers at once (contract, section 2). */
const PAGE_ROWS = 200

/** All rows that `operation` lists of what is `wanted`, page by page to the end. */
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
