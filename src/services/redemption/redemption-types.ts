import { type Kysely, sql } from "kysely"
import type { Tables } from "../../adapters/postgres/tables.ts"
import { DeckError } from "../../domain/errors.ts"

/** Check constraints of PostgreSQL on the type alone, in PostgreSQL's notation. */
const CHECKS = sql<{ definition: string }>`
  select pg_get_constraintdef(c.oid) as definition
  from pg_constraint c
  join pg_attribute a on a.attrelid = c.conrelid and a.attname = 'type'
  where c.conrelid = 'redemption_codes'::regclass and c.contype = 'c' and c.conkey = array[a.attnum]`

/** Refuses a type that a constraint of this deployment does not list: DeckError "invalid", naming those allowed. */
export async function refuseUnknownType(db: Kysely<Tables>, type: string): Promise<void> {
  const { rows } = await CHECKS.execute(db)
  for (const { definition } of rows) {
    const allowed = listedIn(definition)
    if (allowed !== undefined && !allowed.includes(type)) {
      throw new DeckError("invalid", `this platform has no codes of type ${type}: it allows ${allowed.join(", ")}`, {
        field: "type",
      })
    }
  }
}

const NOISE = /::(text|character varying)(\[\])?|[()]/g
const LIST = /^CHECK type = (ANY ARRAY\[.*\]|'[^']*'( OR type = '[^']*')*)( NOT VALID)?$/

/** Parses `credit` from `CHECK ((type = ANY (ARRAY['credit'::text])))`; undefined for any other form. */
function listedIn(definition: string): string[] | undefined {
  if (!LIST.test(definition.replace(NOISE, ""))) return undefined
  return Array.from(definition.matchAll(/'((?:[^']|'')*)'/g), ([, value = ""]) => value.replaceAll("''", "'"))
}
