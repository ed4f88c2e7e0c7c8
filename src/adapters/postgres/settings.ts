import { type Kysely, sql, type Transaction } from "kysely"
import type { Tables } from "./tables.ts"

/** Settings of the platform as stored, by their full keys: `gateway.ip_mode`. */
export type Settings = ReadonlyMap<string, string>

/** Reads the settings whose keys begin with `prefix`. */
export async function readSettings(db: Kysely<Tables>, prefix: string): Promise<Settings> {
  const rows = await db
    .selectFrom("platform_settings")
    .select(["key", "value"])
    .where(sql<boolean>`starts_with(key, ${prefix})`)
    .execute()
  return new Map(rows.map(({ key, value }) => [key, value]))
}

/** Locks out other writers of settings, not readers, until the end of `tx`: also of rows that do not exist yet. */
export async function lockSettings(tx: Transaction<Tables>): Promise<void> {
  await sql`lock table platform_settings in share row exclusive mode`.execute(tx)
}

/** Writes the settings `changes` and no others, by their full keys. */
export async function writeSettings(tx: Transaction<Tables>, changes: Readonly<Record<string, string>>): Promise<void> {
  const rows = Object.entries(changes).map(([key, value]) => ({ key, value }))
  if (rows.length === 0) return
  await tx
    .insertInto("platform_settings")
    .values(rows)
    .onConflict(conflict =>
      conflict.column("key").doUpdateSet({ value: eb => eb.ref("excluded.value"), updated_at: sql<string>`now()` }),
    )
    .execute()
}

/** Deletes the rows of these settings, by their whole keys. */
export async function deleteSettings(tx: Transaction<Tables>, keys: readonly string[]): Promise<void> {
  if (keys.length > 0) await tx.deleteFrom("platform_settings").where("key", "in", keys).execute()
}
