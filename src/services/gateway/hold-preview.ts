import { asUnavailable, DeckError } from "../../domain/errors.ts"
import { fewNames } from "../../domain/few-names.ts"
import { groupDigits } from "../../domain/grouped.ts"
import type { HoldTarget } from "../../domain/hold.ts"
import { isPrivate, isWithin, parseAddress, parseBlock } from "../../domain/ip-block.ts"
import type { StreamEntry } from "../../domain/stream-entry.ts"
import type { ChangeContext, OperationContext } from "../operation.ts"
import { isKnown, readGatewayStates, togetherOf, valuesOf } from "./gateway-state.ts"
import { rateOf } from "./hold-rate.ts"
import { addressOf, orgOf, type TrafficShare, trafficOf } from "./hold-traffic.ts"
import { refuseWithoutGateway } from "./write-copy.ts"

/** What is typed to confirm a hold that hits others as well. */
const ANYWAY = "hold anyway"

/** Share of the newest requests, from 0 to 1, above which a hold is to be confirmed. */
const LARGE_SHARE = 0.2

/** What is known of those that are to be held. */
export interface Weighed {
  /** Undefined where Redis cannot be asked. */
  readonly traffic: TrafficShare | undefined
  /** Where it cannot be in force yet, and why, a sentence each. */
  readonly troubles: readonly string[]
  /** Why the hold may hit others, a sentence each. */
  readonly doubts: readonly string[]
  readonly isRateKnown: boolean
}

/** Looks at the requests of those that are to be held, and at what speaks against it. Throws DeckError. */
export async function weigh(
  context: OperationContext,
  isTheirs: (entry: StreamEntry) => boolean,
  addresses: (traffic: TrafficShare | undefined) => readonly string[],
): Promise<Weighed> {
  const states = await readGatewayStates(context)
  const known = states.filter(isKnown)
  for (const { store } of known) await refuseWithoutGateway(context, store)
  const troubles = states.flatMap(({ store, trouble }) =>
    trouble === undefined ? [] : [notInForce(trouble, store.names)],
  )
  let traffic: TrafficShare | undefined
  try {
    const [first, ...others] = known.flatMap(({ store }) => store.gateways)
    // The others would be waited for once more.
    if (first !== undefined) {
      const redis = { ...context.redis, gateways: [first, ...others] as const }
      traffic = await trafficOf({ ...context, redis }, isTheirs)
    }
  } catch (error) {
    troubles.push(notInForce(asUnavailable(error), []))
  }
  const { trusted_cidrs } = valuesOf(togetherOf(states))
  const doubts = [...new Set(addresses(traffic).flatMap(address => doubtsAbout(address, trusted_cidrs)))]
  const share = traffic === undefined || traffic.requests === 0 ? 0 : traffic.theirs / traffic.requests
  return {
    traffic,
    troubles,
    doubts: share > LARGE_SHARE ? [...doubts, "it is more than a fifth of the newest requests"] : doubts,
    isRateKnown: states.every(state => rateOf(state).isKnown),
  }
}

const notInForce = ({ message }: DeckError, names: readonly string[]) =>
  `not in force${names.length === 0 ? "" : ` at ${names.join(", ")}`} until Redis can be written: ${message}`

export const testOf =
  ({ type, id }: HoldTarget) =>
  (entry: StreamEntry) =>
    (type === "address" ? addressOf(entry) : orgOf(entry)) === id

function doubtsAbout(text: string, trusted: readonly string[]): string[] {
  const address = parseAddress(text)
  if (address === undefined) return []
  const around = trusted.find(cidr => {
    const block = parseBlock(cidr)
    return block !== undefined && isWithin(address, block)
  })
  if (around !== undefined) return [`${text} is a trusted proxy (${around}): everybody behind it would be refused`]
  return isPrivate(address) ? [`${text} is a private address: it may be a proxy or a service of your own`] : []
}

/** Throws DeckError "conflict" where something speaks against the hold, and it was not confirmed. */
export function refuseDoubtful(
  { seen }: Pick<ChangeContext, "seen">,
  { doubts }: Weighed,
  anyway: boolean | undefined,
): void {
  if (doubts.length === 0 || anyway || seen.confirmed === ANYWAY) return
  throw new DeckError("conflict", `${doubts.join("; ")}: --anyway holds it nevertheless`, { field: "anyway" })
}

/** What is to be typed, where something speaks against the hold and it is not said yet that this is known. */
export const typedFor = ({ doubts }: Weighed, anyway: boolean | undefined) =>
  doubts.length > 0 && !anyway ? { typed: ANYWAY } : {}

/** Sentences on what a hold does, beside whom it hits. */
export function effectsOfHold(
  { traffic, troubles, doubts, isRateKnown }: Weighed,
  { isOrg, minutes, many = false }: { readonly isOrg: boolean; readonly minutes: number; readonly many?: boolean },
): string[] {
  const them = many ? "them" : "it"
  const sentences = [
    ...doubts,
    isOrg
      ? `its signed-in requests are answered 429 for ${minutes} min; server-sent events go on`
      : `requests from ${them} without a valid token are answered 429 for ${minutes} min`,
    ...(traffic === undefined ? [] : trafficSentences(traffic, isOrg, them)),
    "the hold ends by itself; while a console runs, it lasts the whole time",
    `without a console, a pause of a few minutes frees ${them} early`,
    ...(isRateKnown ? [] : ["the gateway's rate is not set here: counted with its default, the end is about right"]),
    ...troubles,
  ]
  return sentences
}

function trafficSentences({ requests, theirs, signedIn, users }: TrafficShare, isOrg: boolean, them: string): string[] {
  const percent = requests === 0 ? 0 : (100 * theirs) / requests
  const share = percent > 0 && percent < 1 ? "less than 1" : String(Math.round(percent))
  const named = users.map(({ name, requests }) => `${name} (${groupDigits(requests)})`)
  const fromUsers = isOrg ? theirs : signedIn
  return [
    `${share}% of the newest ${groupDigits(requests)} requests: ${groupDigits(theirs)}`,
    ...(isOrg || signedIn === 0
      ? []
      : [
          `${groupDigits(signedIn)} of these came from signed-in users, who are not held: hold their organization for that`,
        ]),
    named.length === 0
      ? fromUsers > 0
        ? "the log does not name their users, as with API keys"
        : `no signed-in user was seen ${isOrg ? "in it" : `from ${them}`}`
      : `users seen ${isOrg ? "in it" : `from ${them}`}: ${fewNames(named)}`,
  ]
}
