import { type Kysely, type RawBuilder, type SelectQueryBuilder, sql } from "kysely"
import { newestFirst, type PageRequest } from "../adapters/postgres/cursor.ts"
import { contains } from "../adapters/postgres/like.ts"
import type { Tables } from "../adapters/postgres/tables.ts"

/** A list that is searched for a part of a name, each name separately. */
export interface Searched<Joined extends keyof Tables> {
  /** Its table, sorted by `created_at` and `id`. */
  readonly table: Joined
  /** The columns that are searched, of the table or of those joined by `rows`. */
  readonly names: readonly string[]
  /** PostgreSQL omits an unused join of at most one row. */
  readonly rows: (db: Kysely<Tables>) => SelectQueryBuilder<Tables, Joined, object>
  /** Condition beside the search. */
  readonly condition?: RawBuilder<boolean>
}

const EVERYTHING = sql<boolean>`true`

/**
 * Returns the ids of the newest rows that have `q` in one of their names, including those of the requested page. Each
 * name is searched separately: PostgreSQL uses no index for a condition that may be true in either of two tables.
 */
export async function idsOfPage<Joined extends keyof Tables>(
  db: Kysely<Tables>,
  searched: Searched<Joined>,
  q: string,
  request: PageRequest,
): Promise<string[]> {
  const ids = new Set<string>()
  for (const name of searched.names) {
    const matching = matches(db, searched, contains(name, q))
    for (const id of (await amongFew(db, matching, request)) ?? (await amongNewest(db, matching, request))) ids.add(id)
  }
  return [...ids]
}

/** The rows that have `q` in one of their names, all that meet the condition. */
export const rowsWith = <Joined extends keyof Tables>(
  db: Kysely<Tables>,
  { rows, names, condition = EVERYTHING }: Searched<Joined>,
  q: string,
) =>
  rows(db)
    .where(condition)
    .$if(q !== "", query => query.where(({ or }) => or(names.map(name => contains(name, q)))))

type Matching = ReturnType<typeof matches>

function matches<Joined extends keyof Tables>(
  db: Kysely<Tables>,
  { table, rows, condition = EVERYTHING }: Searched<Joined>,
  match: RawBuilder<boolean>,
) {
  const order = { time: `${table}.created_at`, id: `${table}.id` }
  const id = sql.ref<string>(order.id)
  const all = rows(db).where(match)
  return {
    /** All matches, each with whether it meets the condition. */
    loose: () => all.select([id.as("id"), sql.ref<string>(order.time).as("created_at"), condition.as("meets")]),
    newest: (request: PageRequest) => newestFirst(all.select(id.as("id")).where(condition), order, request),
  }
}

/** Maximum number of matches of one name that are sorted at once; more of them are soon met among the newest rows. */
const FEW = 3000

/** The newest of all matches, found by the trigram index where there is one; undefined for too many. */
async function amongFew(db: Kysely<Tables>, matching: Matching, request: PageRequest): Promise<string[] | undefined> {
  const rows = await db
    .with("matched", () => matching.loose().limit(FEW + 1))
    .selectFrom(eb =>
      eb
        .selectFrom("matched")
        .select(({ fn }) => fn.countAll<string>().as("count"))
        .as("counted"),
    )
    .leftJoinLateral(
      eb =>
        newestFirst(
          eb.selectFrom("matched").select("matched.id").where("matched.meets", "=", true),
          { time: "matched.created_at", id: "matched.id" },
          request,
        ).as("newest"),
      join => join.onTrue(),
    )
    .select(["counted.count", "newest.id"])
    .execute()
  if (Number(rows[0]?.count) > FEW) return undefined
  return rows.flatMap(({ id }) => id ?? [])
}

/** Returns the newest matches, found by reading the rows, newest first. */
async function amongNewest(db: Kysely<Tables>, matching: Matching, request: PageRequest): Promise<string[]> {
  // PostgreSQL cannot estimate the matches of a pattern, and would find and sort them all.
  await sql`set local enable_sort = off`.execute(db)
  const rows = await matching.newest(request).execute()
  return rows.map(({ id }) => id)
}
