import pg from "pg"
import { parseExactly } from "../../domain/decimal.ts"

/** Parsers of column values: as in pg (bigint and numeric as strings), but times and JSON with all their digits. */
export const typeParsers: pg.CustomTypesConfig = {
  getTypeParser: ((oid: number, format: "text" | "binary" = "text") =>
    PARSERS[oid] ?? pg.types.getTypeParser(oid, format)) as typeof pg.types.getTypeParser,
}

/** PostgreSQL's ISO text of a time in UTC as RFC 3339, with the microseconds that a JS Date would drop. */
const toRfc3339 = (text: string): string => text.replace(" ", "T").replace(/\+00$/, "Z")

const { TIMESTAMPTZ, JSON: PLAIN_JSON, JSONB } = pg.types.builtins
const PARSERS: Readonly<Record<number, (text: string) => unknown>> = {
  [TIMESTAMPTZ]: toRfc3339,
  [PLAIN_JSON]: parseExactly,
  [JSONB]: parseExactly,
}
