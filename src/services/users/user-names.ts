import type { Kysely } from "kysely"
import { z } from "zod"
import { anyOf } from "../../adapters/postgres/any-of.ts"
import type { Tables } from "../../adapters/postgres/tables.ts"
import { DeckError } from "../../domain/errors.ts"
import { text } from "../../domain/fields.ts"
import { isUuid } from "../../domain/uuid.ts"
import { defineOperation, type Stores } from "../operation.ts"
import { idsByName } from "./user-search.ts"

type Connection = Pick<Stores, "postgres" | "signal">

/** The names of users and organizations by id, for display; unknown ids and blank names are left out. No command of its own. */
export const lookUpNames = defineOperation({
  words: ["users", "names"],
  summary: "the names of users and organizations by their ids",
  input: z.object({ ids: z.array(z.string()) }),
  answer: z.map(z.string(), z.string()),
  run: async (context, { ids }) =>
    new Map([...(await lookupUsernames(context, ids)), ...(await lookUpOrgs(context, ids))]),
})

/** The users meant by the values of `user:` in a filter; see resolveUsers. No command of its own. */
export const findUsers = defineOperation({
  words: ["users", "find"],
  summary: "users by id, login, user name or e-mail address",
  input: z.object({ terms: z.array(text) }),
  answer: z.map(z.string(), z.array(z.string())),
  run: (context, { terms }) => resolveUsers(context, terms),
})

/** Returns the names of the users among `ids`, deleted ones included. Ids may be any text. */
export const lookupUsernames = (connection: Connection, ids: Iterable<string>): Promise<Map<string, string>> =>
  lookUp(connection, ids, (db, wanted) =>
    db.selectFrom("users").select(["id", "username as name"]).where("id", "=", anyOf(wanted)).execute(),
  )

/** Returns the names of the organizations among `ids`, deleted ones included. Ids may be any text. */
export const lookUpOrgs = (connection: Connection, ids: Iterable<string>): Promise<Map<string, string>> =>
  lookUp(connection, ids, (db, wanted) =>
    db.selectFrom("orgs").select(["id", "name"]).where("id", "=", anyOf(wanted)).execute(),
  )

async function lookUp(
  { postgres, signal }: Connection,
  ids: Iterable<string>,
  read: (db: Kysely<Tables>, ids: string[]) => Promise<{ id: string; name: string }[]>,
): Promise<Map<string, string>> {
  const wanted = new Set([...ids].filter(isUuid))
  if (wanted.size === 0) return new Map()
  const rows = await postgres.run(db => read(db, [...wanted]), signal)
  const names = new Map(rows.map(({ id, name }) => [id, name]))
  return new Map(
    [...wanted].flatMap(id => {
      const name = names.get(id.toLowerCase())
      return name === undefined || name.trim() === "" ? [] : [[id, name] as const]
    }),
  )
}

/** Ids of the users meant by each term: an id, login, name or e-mail address in any case. Throws `not_found`. */
export async function resolveUsers(
  { postgres, signal }: Connection,
  terms: readonly string[],
): Promise<Map<string, string[]>> {
  const found = new Map<string, string[]>()
  for (const term of terms) {
    const ids = isUuid(term) ? [term.toLowerCase()] : await postgres.run(db => idsByName(db, term), signal)
    if (ids.length === 0) {
      const message = `no user has the id, login, user name or e-mail address "${term}"`
      throw new DeckError("not_found", message, { field: "filter" })
    }
    found.set(term, ids)
  }
  return found
}
