import type { Random } from "../random.ts"
import type { Codes } from "./codes.ts"
import { operatorAudit } from "./operator-audit.ts"
import type { People } from "./people.ts"
import type { Runs } from "./runs.ts"
import { HOUR_MS, later, timestamp } from "./time.ts"

/** Credits of a new organization, and for somebody invited. */
const GRANT = 500
const REWARD = 200
const CREDITS_A_DOLLAR = 1_000

const TOP_UPS = ["bought by invoice", "yearly plan", "goodwill after the outage", "researcher programme"]

interface Transaction {
  readonly org_id: string
  readonly created_at: string
  readonly amount: number
  readonly type: string
  readonly reference_type?: string
  readonly reference_id?: string
  readonly note?: string
}

/**
 * What organizations were given and consumed, and what is left: a grant at first, rewards, redeemed codes, each run that
 * cost something, and what the operator added where it would not have been enough.
 */
export function createCredits(people: People, runs: Runs, codes: Codes, random: Random) {
  const founded = new Map(people.orgs.map(({ id, created_at }) => [id, created_at]))
  const since = (org_id: string, time: string) => later(time, founded.get(org_id) as string)
  const moves = [...grants(people), ...rewards(people, codes), ...redemptions(codes), ...consumption(runs)]
    .map(move => ({ ...move, created_at: since(move.org_id, move.created_at) }))
    .sort((a, b) => (a.created_at < b.created_at ? -1 : a.created_at > b.created_at ? 1 : b.amount - a.amount))
  const balances = new Map<string, number>()
  const topUps: { readonly added: Transaction; readonly before: number }[] = []
  for (const { org_id, amount, created_at } of moves) {
    const before = balances.get(org_id) ?? 0
    const missing = -(before + amount)
    const added = missing > 0 ? topUp(org_id, missing, random) : undefined
    const hourBefore = timestamp(Date.parse(created_at) - random.next() * HOUR_MS, random)
    if (added) topUps.push({ added: { ...added, created_at: since(org_id, hourBefore) }, before })
    balances.set(org_id, before + (added?.amount ?? 0) + amount)
  }
  return {
    balances: [...balances].map(([org_id, balance]) => ({ id: random.uuid(), org_id, balance })),
    transactions: [...moves, ...topUps.map(({ added }) => added)].map(row => ({ id: random.uuid(), ...row })),
    audit: topUps.map(({ added: { org_id, amount, note, type, created_at }, before }) => ({
      ...operatorAudit(people, random, {
        action: "credits.adjust",
        target: ["account", org_id],
        metadata: { amount, note, transaction_type: type },
        before: { balance: before },
        after: { balance: before + amount },
        org_id,
      }),
      ts: created_at,
    })),
  }
}

const grants = ({ orgs }: People): Transaction[] =>
  orgs.map(({ id, created_at }) => ({ org_id: id, created_at, amount: GRANT, type: "initial_grant" }))

function rewards({ orgs }: People, { referrals }: Codes): Transaction[] {
  const personal = new Map(orgs.filter(({ type }) => type === "personal").map(org => [org.owner_user_id, org.id]))
  return referrals.flatMap(({ id, inviter_user_id, credited, created_at }) => {
    const org_id = personal.get(inviter_user_id)
    if (!credited || org_id === undefined) return []
    const reference = { reference_type: "referral", reference_id: id }
    return [{ org_id, created_at, amount: REWARD, type: "referral_reward", ...reference }]
  })
}

function redemptions({ redemptionCodes, redemptionRecords }: Codes): Transaction[] {
  const worth = new Map(redemptionCodes.filter(({ type }) => type === "credit").map(code => [code.id, code.value]))
  return redemptionRecords.flatMap(({ code_id, org_id, redeemed_at }) => {
    const value = worth.get(code_id)
    if (value === undefined) return []
    const reference = { reference_type: "redemption_code", reference_id: code_id }
    return [{ org_id, created_at: redeemed_at, amount: Number(value), type: "redemption", ...reference }]
  })
}

const consumption = ({ usage }: Runs): Transaction[] =>
  usage.map(({ org_id, run_id, cost_usd, recorded_at }) => ({
    ...{ org_id, created_at: recorded_at, amount: -Math.ceil(Number(cost_usd) * CREDITS_A_DOLLAR) },
    ...{ type: "consumption", reference_type: "run", reference_id: run_id },
  }))

const topUp = (org_id: string, missing: number, random: Random) => ({
  org_id,
  amount: Math.ceil(missing / GRANT) * GRANT * random.pick([1, 2, 5]),
  type: "admin_adjustment",
  note: random.pick(TOP_UPS),
})
