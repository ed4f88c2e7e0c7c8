import { holdBucket, readBuckets, releaseBucket } from "../../adapters/redis/buckets.ts"
import { serverTime } from "../../adapters/redis/databases.ts"
import { bucketKey } from "../../adapters/redis/keys.ts"
import type { HoldTarget } from "../../domain/hold.ts"
import type { Debt, Due, PlannedStep } from "../debt.ts"
import { ofGateways } from "../gateway-names.ts"
import type { Step, Stores } from "../operation.ts"
import { readGatewayState } from "./gateway-state.ts"
import { type GatewayStore, gatewayStores } from "./gateway-store.ts"
import { rateOf } from "./hold-rate.ts"
import { type AskedHold, type ReleasedHold, readHolds, secondsLeft } from "./hold-state.ts"
import { refuseWithoutGateway } from "./write-copy.ts"

type Both = Pick<Stores, "postgres" | "redis">

/** Seconds that a bucket may end before or after its hold. */
const SLACK_S = 2

/** The gateways' buckets, where they are not as the audit rows say: held, or released. */
export const heldBuckets: Debt<readonly HoldTarget[]> = {
  async changed(db) {
    const { held, released } = await readHolds(db)
    return [...held, ...released].map(({ type, id }) => ({ type, id }))
  },
  async due(stores, db, targets) {
    if (targets.length === 0) return []
    const asked = among(await readHolds(db), targets)
    return gatewayStores(stores.redis).map((store): Due => {
      const what = bucketsOf(store)
      return {
        what,
        redis: () => writeBuckets(stores, store, targets),
        async missing(_, signal): Promise<PlannedStep[]> {
          const lacking = await lackingOf({ ...stores, signal }, store, asked)
          return lacking.length === 0 ? [] : [{ what, redis: () => writeBuckets(stores, store, lacking) }]
        },
      }
    })
  },
}

/** The step that writes to a store, for people. */
const bucketsOf = ({ names }: GatewayStore) => `gateway's bucket${ofGateways(names)} (Redis)`

/** The gateways that did not take what a change owed, of those that have names. */
export const lackingAfter = (redis: Stores["redis"], steps: readonly Step[]): string[] =>
  gatewayStores(redis)
    .filter(store => steps.some(({ what, owed }) => owed !== undefined && what === bucketsOf(store)))
    .flatMap(({ names }) => names)

/** What is to become of buckets. */
interface Asked {
  readonly holding: readonly AskedHold[]
  readonly releasing: readonly ReleasedHold[]
}

function among({ held, released }: Awaited<ReturnType<typeof readHolds>>, targets: readonly HoldTarget[]): Asked {
  const isAsked = (one: HoldTarget) => targets.some(target => isSame(target, one))
  return { holding: held.filter(isAsked), releasing: released.filter(isAsked) }
}

/** Those whose buckets in `store` are not as they are to be. */
async function lackingOf(stores: Stores, store: GatewayStore, { holding, releasing }: Asked): Promise<HoldTarget[]> {
  if (holding.length + releasing.length === 0) return []
  const inForce = await whichAreInForce(stores, store, holding)
  const stillHeld = await whichAreStillHeld(stores, store, releasing)
  return [...holding.filter((_, index) => !inForce[index]), ...releasing.filter((_, index) => stillHeld[index])]
}

/** Whether `store` holds what was released. Throws DeckError. */
export async function whichAreStillHeld(
  { signal }: Pick<Stores, "signal">,
  store: GatewayStore,
  released: readonly HoldTarget[],
): Promise<boolean[]> {
  const buckets = await readBuckets(store.client, released.map(keyOf), signal)
  // The gateway takes no token where there is none: only a hold brings a bucket below 0.
  return buckets.map(bucket => (bucket?.tokens ?? 0) < 0)
}

/** Whether the buckets in `store` have no token until the holds end. Throws DeckError. */
export async function whichAreInForce(
  stores: Stores,
  store: GatewayStore,
  holds: readonly AskedHold[],
): Promise<boolean[]> {
  if (holds.length === 0) return []
  const { client } = store
  const { perSecond } = rateOf(await readGatewayState(stores, store))
  const buckets = await readBuckets(client, holds.map(keyOf), stores.signal)
  const now = (await serverTime(client, stores.signal).catch(() => Date.now())) / 1_000
  return holds.map((hold, index) => {
    const bucket = buckets[index]
    const end = now + secondsLeft(hold) - SLACK_S
    return bucket !== undefined && bucket.tokens + perSecond * (end - bucket.at) < 1
  })
}

/**
 * Makes the buckets of `targets` in `store` as the audit rows say, until both agree: who releases meanwhile writes as well, and
 * perhaps first. Throws DeckError, "conflict" where it holds nothing of a gateway's.
 */
export async function writeBuckets(stores: Both, store: GatewayStore, targets: readonly HoldTarget[]): Promise<void> {
  const signal = new AbortController().signal
  await refuseWithoutGateway(stores, store)
  const { perSecond } = rateOf(await readGatewayState({ ...stores, signal }, store))
  let written = ""
  for (;;) {
    const { holding, releasing } = among(await stores.postgres.run(db => readHolds(db)), targets)
    const wanted = JSON.stringify(
      [holding, releasing].map(ones => ones.map(({ type, id, until }) => [type, id, until])),
    )
    if (wanted === written) return
    for (const hold of holding)
      await holdBucket(store.client, keyOf(hold), { seconds: secondsLeft(hold), rate: perSecond })
    for (const target of releasing) await releaseBucket(store.client, keyOf(target))
    written = wanted
  }
}

const keyOf = ({ type, id }: HoldTarget): string => bucketKey(type, id)

export const isSame = (one: HoldTarget, other: HoldTarget) => one.type === other.type && one.id === other.id
