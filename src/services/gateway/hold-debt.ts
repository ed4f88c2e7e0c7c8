import { holdBucket, readBuckets, releaseBucket } from "../../adapters/redis/buckets.ts"
import { serverTime } from "../../adapters/redis/databases.ts"
import { bucketKey } from "../../adapters/redis/keys.ts"
import type { HoldTarget } from "../../domain/hold.ts"
import type { Debt, PlannedStep } from "../debt.ts"
import type { Stores } from "../operation.ts"
import { readGatewayState } from "./gateway-state.ts"
import { rateOf } from "./hold-rate.ts"
import { type AskedHold, readHolds } from "./hold-state.ts"
import { databaseWithoutGateway } from "./write-copy.ts"

type Both = Pick<Stores, "postgres" | "redis">

const BUCKET_STEP = "gateway's bucket (Redis)"

/** Seconds that a bucket may end before or after its hold. */
const SLACK_S = 2

/** The gateway's buckets, where they are not as the audit rows say: held, or released. */
export const heldBuckets: Debt<readonly HoldTarget[]> = {
  async changed(db) {
    const { held, released } = await readHolds(db)
    return [...held, ...released].map(({ type, id }) => ({ type, id }))
  },
  async due(stores, db, targets) {
    if (targets.length === 0) return undefined
    const { held, released } = await readHolds(db)
    const isAsked = (one: HoldTarget) => targets.some(target => isSame(target, one))
    const [holding, releasing] = [held.filter(isAsked), released.filter(isAsked)]
    return {
      what: BUCKET_STEP,
      redis: () => writeBuckets(stores, targets),
      async missing(_, signal): Promise<PlannedStep[]> {
        const lacking = await lackingOf(stores, { holding, releasing }, signal)
        return lacking.length === 0 ? [] : [{ what: BUCKET_STEP, redis: () => writeBuckets(stores, lacking) }]
      },
    }
  },
}

/** Those whose buckets are not as they are to be. */
async function lackingOf(
  { postgres, redis }: Both,
  { holding, releasing }: { readonly holding: readonly AskedHold[]; readonly releasing: readonly HoldTarget[] },
  signal: AbortSignal,
): Promise<HoldTarget[]> {
  if (holding.length + releasing.length === 0) return []
  const inForce = await whichAreInForce({ postgres, redis, signal }, holding)
  const buckets = await readBuckets(redis.gateways[0].client, releasing.map(keyOf), signal)
  return [
    ...holding.filter((_, index) => !inForce[index]),
    // The gateway takes no token where there is none: only a hold brings a bucket below 0.
    ...releasing.filter((_, index) => (buckets[index]?.tokens ?? 0) < 0),
  ]
}

/** Whether the buckets have no token until the holds end. Throws DeckError. */
export async function whichAreInForce(stores: Stores, holds: readonly AskedHold[]): Promise<boolean[]> {
  if (holds.length === 0) return []
  const { redis, signal } = stores
  const { perSecond } = rateOf(await readGatewayState(stores))
  const buckets = await readBuckets(redis.gateways[0].client, holds.map(keyOf), signal)
  const now = (await serverTime(redis.gateways[0].client, signal).catch(() => Date.now())) / 1_000
  return holds.map(({ left }, index) => {
    const bucket = buckets[index]
    return bucket !== undefined && bucket.tokens + perSecond * (now + left - SLACK_S - bucket.at) < 1
  })
}

/**
 * Makes the buckets of `targets` as the audit rows say, until both agree: who releases meanwhile writes as well, and perhaps
 * first. Throws DeckError, "conflict" where Redis holds nothing of the gateway's.
 */
export async function writeBuckets(stores: Both, targets: readonly HoldTarget[]): Promise<void> {
  const signal = new AbortController().signal
  await databaseWithoutGateway(stores, "refuse")
  const { perSecond } = rateOf(await readGatewayState({ ...stores, signal }))
  const [{ client: gateway }] = stores.redis.gateways
  let written = ""
  for (;;) {
    const { held, released } = await stores.postgres.run(db => readHolds(db))
    const isAsked = (one: HoldTarget) => targets.some(target => isSame(target, one))
    const [holding, releasing] = [held.filter(isAsked), released.filter(isAsked)]
    const wanted = JSON.stringify([holding.map(({ type, id, until }) => [type, id, until]), releasing])
    if (wanted === written) return
    for (const hold of holding) await holdBucket(gateway, keyOf(hold), { seconds: hold.left, rate: perSecond })
    for (const target of releasing) await releaseBucket(gateway, keyOf(target))
    written = wanted
  }
}

const keyOf = ({ type, id }: HoldTarget): string => bucketKey(type, id)

export const isSame = (one: HoldTarget, other: HoldTarget) => one.type === other.type && one.id === other.id
