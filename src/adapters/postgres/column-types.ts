import type { ColumnType, Generated, JSONColumnType } from "kysely"

/** Declarations of columns that most tables have. */
export const ID = "uuid not null default gen_random_uuid() primary key"
export const NOW = "timestamptz not null default now()"

/** A column as kysely sees it, by what PostgreSQL declares it as. */
export type Column<Declared extends string> = Declared extends `${infer Type} not null default ${infer Default}`
  ? Omissible<Value<Type, Default>>
  : Declared extends `${infer Type} not null${string}`
    ? Value<Type>
    : Value<Declared> | null

/** bigint and numeric are text, so that no digit is lost; times are RFC 3339 in UTC with microseconds (types.ts). */
type Value<Type extends string, Default extends string = ""> = Type extends "bigint" | `numeric${string}`
  ? ColumnType<string, string | number, string | number>
  : Type extends "jsonb"
    ? JSONColumnType<Record<string, unknown>>
    : Type extends "text[]"
      ? string[]
      : Type extends "int"
        ? number
        : Type extends "boolean"
          ? boolean
          : Default extends `${string} in ('${infer Values}'))`
            ? Listed<Values>
            : string

/** The values of a check constraint: `active', 'deleted` are "active" | "deleted". */
type Listed<Values extends string> = Values extends `${infer First}', '${infer Others}`
  ? First | Listed<Others>
  : Values

/** An insert may leave the column out. */
type Omissible<Type> = [Type] extends [ColumnType<infer Selected, infer Inserted, infer Updated>]
  ? ColumnType<Selected, Inserted | undefined, Updated>
  : Generated<Type>
