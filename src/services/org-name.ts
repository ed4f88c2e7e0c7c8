import type { Kysely } from "kysely"
import type { Tables } from "../adapters/postgres/tables.ts"
import { DeckError } from "../domain/errors.ts"
import { nameOrId } from "../domain/name-or-id.ts"

export const noOrg = (orgId: string) => new DeckError("not_found", `there is no organization with the id ${orgId}`)

/** The name of an organization, or its id where the name is blank. Throws DeckError "not_found". */
export async function nameOfOrg(db: Kysely<Tables>, orgId: string): Promise<string> {
  const org = await db.selectFrom("orgs").select("name").where("id", "=", orgId).executeTakeFirst()
  if (org === undefined) throw noOrg(orgId)
  return nameOrId(org.name, orgId)
}
