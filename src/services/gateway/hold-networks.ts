import { z } from "zod"
import { DeckError } from "../../domain/errors.ts"
import { type Held, type HoldTarget, held, networkHold } from "../../domain/hold.ts"
import { type IpBlock, isWithin, parseAddress, parseBlock } from "../../domain/ip-block.ts"
import type { StreamEntry } from "../../domain/stream-entry.ts"
import { change } from "../change.ts"
import { type ChangeContext, defineChange, defineOperation, type OperationContext } from "../operation.ts"
import { authorizeWithin } from "../permission.ts"
import { gatewayStores } from "./gateway-store.ts"
import { auditedHold, timesOf } from "./hold.ts"
import { heldBuckets, isSame, writeBuckets } from "./hold-debt.ts"
import { effectsOfHold, refuseDoubtful, typedFor, weigh } from "./hold-preview.ts"
import { type AskedHold, readHolds } from "./hold-state.ts"
import { addressOf, trafficOf } from "./hold-traffic.ts"
import { heldOf } from "./holds.ts"

/** Addresses of one network that are held at most. */
const MOST = 1_000

/**
 * Holds the addresses of networks that the log names, each by itself: the gateway knows no networks. Those that appear
 * later are held as a console renews its holds. No command of its own.
 */
export const holdNetworks = defineChange({
  words: ["gateway", "hold-networks"],
  writes: "gateway",
  summary: "refuse the requests of these networks' addresses (429) for some minutes",
  input: networkHold,
  answer: z.object({ data: z.array(held) }),
  async preview(context, { networks, minutes, anyway }) {
    const weighed = await weighNetworks(context, networks)
    const count = weighed.traffic === undefined ? 0 : inNetworks(weighed.traffic.addresses, networks).length
    const [first = "", ...others] = networks
    return {
      title: `Hold ${first}${others.length > 0 ? ` and ${others.length} more` : ""}`,
      subject: [
        `${count === 1 ? "1 address was" : `${count} addresses were`} seen; others are held as they appear, while a console runs`,
      ],
      effects: effectsOfHold(weighed, { isOrg: false, minutes, many: true }),
      needsConfirmation: true,
      ...typedFor(weighed, anyway),
    }
  },
  async run(context, { networks, minutes, anyway, reason }) {
    const weighed = await weighNetworks(context, networks)
    refuseDoubtful(context, weighed, anyway)
    const found = inNetworks(weighed.traffic?.addresses ?? [], networks)
    if (found.length === 0) throw new DeckError("not_found", "the log names no address of these networks")
    return change(context, async tx => {
      const times = await timesOf(tx, minutes)
      const due = await heldBuckets.due(context, tx, found)
      const { login, username } = context.operator
      const common = { ...times, by: login ?? username, reason: reason ?? null }
      return {
        answer: { data: found.map((one): Held => heldOf({ ...one, ...common }, 0)) },
        reason,
        audited: found.map((one, index) => auditedHold({ ...one, until: times.until }, index === 0 ? due : [])),
        owing: due,
      }
    })
  },
})

/**
 * Sets all held buckets again, whose expiry requests shorten, and holds what of a held network has appeared since. The
 * console does so for as long as it runs: what is held was confirmed, so nobody need be at it. No command of its own.
 */
export const renewHolds = defineOperation({
  words: ["gateway", "renew"],
  summary: "renew the holds that are under way",
  input: z.object({}),
  answer: z.object({ renewed: z.number(), appeared: z.number() }),
  async run(context) {
    if (context.environment.readOnly !== undefined) return { renewed: 0, appeared: 0 }
    const { held, released } = await context.postgres.run(db => readHolds(db), context.signal)
    if (held.length === 0) return { renewed: 0, appeared: 0 }
    const appeared = await appearedIn(context, held, released)
    await holdAppeared(context, held, appeared)
    const targets = [...held, ...appeared].map(({ type, id }) => ({ type, id }))
    const written = await Promise.allSettled(
      gatewayStores(context.redis).map(store => writeBuckets(context, store, targets)),
    )
    // What one gateway lacks is owed to it, as the list of holds says.
    const failed = written.filter(one => one.status === "rejected")
    if (failed.length === written.length) throw failed[0]?.reason
    return { renewed: targets.length, appeared: appeared.length }
  },
})

interface InNetwork extends HoldTarget {
  readonly network: string
}

/** Addresses of held networks that are in the log, and neither held nor released. */
async function appearedIn(
  context: OperationContext,
  held: readonly AskedHold[],
  released: readonly HoldTarget[],
): Promise<InNetwork[]> {
  const counts = new Map<string, number>()
  for (const { network } of held) if (network !== null) counts.set(network, (counts.get(network) ?? 0) + 1)
  if (counts.size === 0) return []
  const networks = [...counts.keys()]
  const { addresses } = await trafficOf(context, testOf(networks))
  return inNetworks(addresses, networks).filter(one => {
    const count = counts.get(one.network) ?? 0
    if (count >= MOST || [...held, ...released].some(other => isSame(one, other))) return false
    counts.set(one.network, count + 1)
    return true
  })
}

/** Writes the audit rows that hold `appeared` as their networks are held. */
async function holdAppeared(
  context: OperationContext,
  held: readonly AskedHold[],
  appeared: readonly InNetwork[],
): Promise<void> {
  for (const [network, ones] of Map.groupBy(appeared, ({ network }) => network)) {
    const { until, reason } = held.find(hold => hold.network === network) as AskedHold
    const unseen: ChangeContext = { ...context, seen: {}, progress: () => {} }
    await change(unseen, async tx => {
      await authorizeWithin(tx, context.operator)
      return { answer: null, reason: reason ?? undefined, audited: ones.map(one => auditedHold({ ...one, until }, [])) }
    })
  }
}

const weighNetworks = (context: OperationContext, networks: readonly string[]) =>
  weigh(context, testOf(networks), traffic => [
    ...networks.map(network => network.split("/")[0] as string),
    ...(traffic?.addresses ?? []),
  ])

/** Those of `addresses` that are in one of the networks, at most so many of each. */
function inNetworks(addresses: readonly string[], networks: readonly string[]): InNetwork[] {
  const counts = new Map<string, number>()
  return addresses.flatMap((id): InNetwork[] => {
    const network = networks.find(network => isIn(id, parseBlock(network)))
    const count = counts.get(network ?? "") ?? 0
    if (network === undefined || count >= MOST) return []
    counts.set(network, count + 1)
    return [{ type: "address", id, network }]
  })
}

function testOf(networks: readonly string[]): (entry: StreamEntry) => boolean {
  const blocks = networks.map(parseBlock)
  const known = new Map<string, boolean>()
  return entry => {
    const text = addressOf(entry)
    const is = known.get(text) ?? blocks.some(block => isIn(text, block))
    known.set(text, is)
    return is
  }
}

function isIn(text: string, block: IpBlock | undefined): boolean {
  const address = parseAddress(text)
  return block !== undefined && address !== undefined && isWithin(address, block)
}
