import { type Kysely, type RawBuilder, type SelectQueryBuilder, sql } from "kysely"
import { inOrder, type PageRequest } from "../adapters/postgres/cursor.ts"
import { contains } from "../adapters/postgres/like.ts"
import { type ListOrder, orderIn } from "../adapters/postgres/order.ts"
import type { Tables } from "../adapters/postgres/tables.ts"

/** A list that is searched for a part of a name, each name separately. */
export interface Searched<Joined extends keyof Tables> {
  /** The columns that are searched, of the table or of those joined by `rows`. */
  readonly names: readonly string[]
  /** PostgreSQL omits an unused join of at most one row. */
  readonly rows: (db: Kysely<Tables>) => SelectQueryBuilder<Tables, Joined, object>
  /** Condition beside the search. */
  readonly condition?: RawBuilder<boolean>
}

const EVERYTHING = sql<boolean>`true`

/**
 * Returns the ids of the first rows in this order that have `q` in one of their names, including those of the requested page. Each
 * name is searched separately: PostgreSQL uses no index for a condition that may be true in either of two tables.
 */
export async function idsOfPage<Joined extends keyof Tables>(
  db: Kysely<Tables>,
  searched: Searched<Joined>,
  q: string,
  order: ListOrder,
  request: PageRequest,
): Promise<string[]> {
  const ids = new Set<string>()
  for (const name of searched.names) {
    const matching = matches(db, searched, contains(name, q), order)
    for (const id of (await amongFew(db, matching, request)) ?? (await amongFirst(db, matching, request))) ids.add(id)
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
  { rows, condition = EVERYTHING }: Searched<Joined>,
  match: RawBuilder<boolean>,
  order: ListOrder,
) {
  const id = sql.ref<string>(order.id)
  const all = rows(db).where(match)
  return {
    order,
    /** All matches, each with whether it meets the condition. */
    loose: () => {
      const selected = all.select([id.as("id"), condition.as("meets")])
      return order.columns.reduce((query, { column }) => {
        const name = bare(column)
        return name === "id" ? query : query.select(sql.ref(column).as(name))
      }, selected)
    },
    first: (request: PageRequest) => inOrder(all.select(id.as("id")).where(condition), order, request),
  }
}

const bare = (column: string) => column.replace(/^\w+\./, "")

/** Maximum number of matches of one name that are sorted at once; more of them are soon met among the first rows. */
const FEW = 3000

/** The first of all matches, found by the trigram index where there is one; undefined for too many. */
async function amongFew(db: Kysely<Tables>, matching: Matching, request: PageRequest): Promise<string[] | undefined> {
  const order = orderIn(matching.order, "matched")
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
        inOrder(eb.selectFrom("matched").select("matched.id").where("matched.meets", "=", true), order, request).as(
          "first",
        ),
      join => join.onTrue(),
    )
    .select(["counted.count", "first.id"])
    .execute()
  if (Number(rows[0]?.count) > FEW) return undefined
  return rows.flatMap(({ id }) => id ?? [])
}

/** Returns the first matches, found by reading the rows in the order. */
async function amongFirst(db: Kysely<Tables>, matching: Matching, request: PageRequest): Promise<string[]> {
  // PostgreSQL cannot estimate the matches of a pattern, and would find and sort them all.
  await sql`set local enable_sort = off`.execute(db)
  const rows = await matching.first(request).execute()
  return rows.map(({ id }) => id)
}
