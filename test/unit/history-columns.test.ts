import fc from "fast-check"
import { expect, test } from "vitest"
import { COLUMNS, entryOf, fieldValues } from "../../src/adapters/history/log-columns.ts"
import { LOG_FIELDS } from "../../src/domain/access-log-fields.ts"
import { readerOf } from "../../src/domain/access-log-terms.ts"
import { StreamEntry } from "../../src/domain/stream-entry.ts"
import { toAccessLogEntry } from "../../src/domain/to-access-log-entry.ts"

const names = fc.constantFrom(
  "path",
  "status",
  "duration_ms",
  "risk_score",
  "org_id",
  "account_id",
  "ts",
  "user_id",
  "new",
)
const values = fc.oneof(
  fc.string({ unit: "binary" }),
  fc.constantFrom(
    "",
    "200",
    "007",
    "1.50",
    "+5",
    "1e3",
    "-0",
    "NaN",
    "12345678901234567890",
    "\0",
    "…",
    "2026-11-28T03:00:00Z",
  ),
  fc.uint8Array().map(bytes => Buffer.from(bytes)),
)

/** As a row of the history comes back. */
function throughRow(entry: StreamEntry): StreamEntry {
  const { texts, numbers, others, derived } = fieldValues(entry)
  const row = { ms: BigInt(entry.ms), seq: BigInt(entry.seq), late_ms: 3n } as Record<string, unknown>
  const fields = [...texts, ...numbers, others, ...derived]
  for (const [at, { name }] of COLUMNS.slice(-fields.length).entries()) row[name] = fields[at]
  return entryOf(row)
}

test("an entry that went through the history reads as before, field by field, whatever a stranger sent", () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(names, values)), pairs => {
      const entry = StreamEntry.from("1700000012345-7", pairs)
      const again = throughRow(entry)
      expect(again.at).toBe(1700000012348)
      expect(toAccessLogEntry(again)).toEqual(toAccessLogEntry(entry))
      for (const field of LOG_FIELDS) expect(readerOf(field)(again), field.name).toEqual(readerOf(field)(entry))
      const sorted = (one: StreamEntry) =>
        one
          .pairs()
          .map(pair => pair.join("\0"))
          .sort()
      expect(sorted(again)).toEqual(sorted(entry))
    }),
  )
})
