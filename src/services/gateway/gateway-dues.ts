import type { Kysely } from "kysely"
import type { Tables } from "../../adapters/postgres/tables.ts"
import { GATEWAY_FIELDS, type GatewayField, type GatewayPatch } from "../../domain/gateway.ts"
import type { Due } from "../debt.ts"
import type { Stores } from "../operation.ts"
import { settingCaches } from "../setting-debts.ts"
import { type CopyAsked, gatewayCopy } from "./copy-debt.ts"
import { GATEWAY_KEYS } from "./gateway-state.ts"

/** What a change of the gateway's settings asks of its copy. */
export const askedOf = (patch: GatewayPatch, inherit: readonly GatewayField[], firstWrite: boolean): CopyAsked => ({
  set: GATEWAY_FIELDS.filter(field => patch[field] !== undefined),
  inherit: inherit.map(field => ({ field })),
  firstWrite,
})

/** What Redis has to hold once that is so: the copy, and no old value in the API's cache (contract, section 5). */
export const duesOf = async (
  stores: Pick<Stores, "postgres" | "redis">,
  db: Kysely<Tables>,
  asked: CopyAsked,
): Promise<Due[]> => [
  ...(await gatewayCopy.due(stores, db, asked)),
  ...(await settingCaches.due(stores, db, GATEWAY_KEYS)),
]
