import { z } from "zod"
import { unlessUnavailable } from "../../domain/errors.ts"
import { type Held, type HeldRow, heldRows, holds } from "../../domain/hold.ts"
import { defineOperation } from "../operation.ts"
import { lookUpOrgs } from "../users/user-names.ts"
import { gatewayStores } from "./gateway-store.ts"
import { whichAreInForce, whichAreStillHeld } from "./hold-debt.ts"
import { type AskedHold, readHolds, secondsLeft } from "./hold-state.ts"
import { refusedSince } from "./hold-traffic.ts"

/** Contract, section 2: `gateway holds`. What is to be held stands in the audit log, what is refused in the access log. */
export const listHolds = defineOperation({
  words: ["gateway", "holds"],
  summary: "addresses and organizations held at the gateway",
  input: z.object({}),
  answer: heldRows,
  contract: { answer: holds },
  async run(context) {
    const { held, released } = await context.postgres.run(db => readHolds(db), context.signal)
    const names = await lookUpOrgs(
      context,
      [...held, ...released].flatMap(({ type, id }) => (type === "organization" ? [id] : [])),
    )
    const refused = held.length === 0 ? [] : await unlessUnavailable(refusedSince(context, held))
    const stores = await Promise.all(
      gatewayStores(context.redis).map(async store => ({
        names: store.names,
        inForce: await unlessUnavailable(whichAreInForce(context, store, held)),
        stillHeld: await unlessUnavailable(whichAreStillHeld(context, store, released)),
      })),
    )
    const rows = held.map(
      (hold, index): HeldRow => ({
        ...heldOf(hold, refused?.[index] ?? null),
        ...forceOf(stores.map(({ names, inForce }) => ({ names, is: inForce?.[index] ?? null }))),
        org_name: names.get(hold.id) ?? null,
        network: hold.network,
      }),
    )
    // Of a release that every gateway has there is nothing to say.
    const missed = released.flatMap(({ releasedAt, ...hold }, index): HeldRow[] => {
      const free = stores.map(({ names, stillHeld }) => ({
        names,
        is: stillHeld === undefined ? null : !stillHeld[index],
      }))
      if (free.every(({ is }) => is)) return []
      const org_name = names.get(hold.id) ?? null
      return [{ ...heldOf(hold, null), released_at: releasedAt, ...forceOf(free), org_name, network: hold.network }]
    })
    return { data: [...rows, ...missed], next_cursor: null }
  },
})

/** The same without what is seen of it, to be read often. No command of its own. */
export const countHolds = defineOperation({
  words: ["gateway", "held"],
  summary: "how much is held at the gateway, and until when",
  input: z.object({}),
  answer: z.object({ count: z.number(), left_s: z.number().nullable() }),
  async run({ postgres, signal }) {
    const { held } = await postgres.run(db => readHolds(db), signal)
    const left = held.map(secondsLeft)
    return { count: held.length, left_s: held.length === 0 ? null : Math.max(...left) }
  },
})

export const commands = [listHolds]

/** A hold in the contract's words. */
export const heldOf = (
  { type, id, since, until, by, reason }: Omit<AskedHold, "endsAt" | "network">,
  refused: number | null,
): Held => ({ ...(type === "address" ? { address: id } : { org_id: id }), since, until, by, reason, refused })

/** A hold, or its release, is in force where every gateway has it. */
function forceOf(
  stores: readonly { readonly names: readonly string[]; readonly is: boolean | null }[],
): Pick<HeldRow, "in_force" | "lacking" | "unknown"> {
  const without = (is: boolean | null) => stores.filter(store => store.is === is)
  const [not, unasked] = [without(false), without(null)]
  const in_force = not.length > 0 ? false : unasked.length > 0 ? null : true
  if (stores.every(({ names }) => names.length === 0)) return { in_force }
  const unknown = unasked.flatMap(({ names }) => names)
  return { in_force, lacking: [...not.flatMap(({ names }) => names), ...unknown], unknown }
}
