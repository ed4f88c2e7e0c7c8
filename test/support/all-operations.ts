import { randomUUID } from "node:crypto"
import { readdirSync } from "node:fs"
import { join } from "node:path"
import { nameIn } from "../../src/adapters/postgres/generation.ts"
import { ACCESS_LOG } from "../../src/adapters/redis/keys.ts"
import { RECENT } from "../../src/domain/recent.ts"
import { countPart } from "../../src/services/dashboard/dashboard-readings.ts"
import type { Deck } from "../../src/services/deck.ts"
import { openIncident, startIncident } from "../../src/services/incidents/incidents.ts"
import type { AnyOperation } from "../../src/services/operation.ts"
import { automationIn } from "./automation.ts"
import { addRedemptionCode } from "./codes.ts"
import type { TestOperations } from "./operators.ts"
import { addAdministrator } from "./people.ts"
import { asSuperuser, type TestDatabase } from "./postgres.ts"
import { addRun } from "./runs.ts"
import { settingsOn } from "./settings.ts"
import { subjectsIn } from "./subjects.ts"

const SERVICES = join(import.meta.dirname, "../../src/services")

/** Every operation that is declared, those of the console alone included, by kind and words: `read users list`. */
export async function allOperations(): Promise<ReadonlyMap<string, AnyOperation>> {
  const paths = readdirSync(SERVICES, { recursive: true, encoding: "utf8" }).filter(path => path.endsWith(".ts"))
  const modules = await Promise.all(paths.map(path => import(join(SERVICES, path))))
  const declared = modules.flatMap(module => Object.values(module)).filter(isOperation)
  return new Map(declared.map(operation => [`${operation.kind} ${operation.words.join(" ")}`, operation]))
}

const isOperation = (value: unknown): value is AnyOperation =>
  typeof value === "object" && value !== null && "kind" in value && "words" in value

/** Held at the gateway, and not in force yet. */
const HELD = "203.0.113.7"
const REQUEST = ["path", "/v1", "status", "200", "client_ip", "203.0.114.7"]

export type World = Awaited<ReturnType<typeof createWorld>>

/** Something of everything that operations are about, with a mail server at `mailPort`. */
export async function createWorld(database: TestDatabase, operations: TestOperations, mailPort: number) {
  const { postgres, url } = database
  const { equipped } = subjectsIn(database)
  const { automate } = automationIn(database)
  const [alice, bob, owing] = [await equipped(), await equipped(), await equipped({ status: "suspended" })]
  const carol = await equipped()
  for (const person of [alice, bob, carol]) await automate(person)
  const batch = randomUUID()
  const code = await addRedemptionCode(postgres, { batch_id: batch })
  const run = await addRun(postgres, { created_by_user_id: alice.id, org_id: alice.orgId })
  const [invite] = await asSuperuser(`select id from invite_codes where user_id = '${alice.id}' limit 1`, url)
  const org = nameIn(database.generation, "org_id")
  await asSuperuser(
    `insert into credits (${org}, balance) values ('${alice.orgId}', 10);
     insert into referrals (inviter_user_id, invitee_user_id, invite_code_id) values ('${alice.id}', '${bob.id}', '${invite?.id}');
     insert into redemption_records (code_id, user_id, ${org})
       values ('${code}', '${alice.id}', '${alice.orgId}');
     update users set tokens_invalid_before = now() where id = '${owing.id}';
     insert into run_events (run_id, seq, type) values ('${run}', 1, 'run.started');
     insert into audit_logs (action, target_type, target_id, trace_id, user_agent, metadata_json)
       values ('users.status_changed', 'user', '${owing.id}', 'x', 'opsdeck/0', '{"new_status": "suspended"}');
     insert into audit_logs (action, target_type, target_id, trace_id, user_agent, metadata_json)
       select 'gateway.hold', 'address', '${HELD}', 'x', 'opsdeck/0',
         jsonb_build_object('until', now() + interval '15 minutes')`,
    url,
  )
  const settings = settingsOn(database, operations)
  const smtp = { smtp_host: "127.0.0.1", smtp_port: String(mailPort), smtp_tls_mode: "none" }
  await settings.setRows("email.", { from: "no-reply@example.com", ...smtp })
  await settings.setRows("gateway.", { ip_mode: "direct" })
  await settings.setCopy('{"ip_mode": "cloudflare"}')
  // The first a while ago, so that there is something to compare with; refused where the log has newer ones already.
  await operations.gateway.xadd(ACCESS_LOG, `${Date.now() - 3_600_000}-*`, ...REQUEST).catch(() => {})
  await operations.gateway.xadd(ACCESS_LOG, "*", ...REQUEST, "user_id", alice.id)
  const [admin, other] = [await addAdministrator(postgres), await addAdministrator(postgres)]
  return { alice, bob, carol, admin, other, batch, code, run, invite: String(invite?.id) }
}

type Inputs = readonly object[]

/** What every operation that goes through a deck is asked: one of each kind of query that it makes. */
export const inputsFor = (world: World): Readonly<Record<string, Inputs | ((deck: Deck) => Promise<Inputs>)>> => {
  const { alice, bob, carol, other, batch, code, run, invite } = world
  return {
    "read audit list": [
      {},
      { q: "person" },
      { q: alice.id },
      { action: "auth.login", actor_user_id: alice.id, target_id: alice.id },
    ],
    "read codes list": [{}, { q: "par" }, { q: "ABCD" }, { type: "credit" }, { state: "used up" }, { batch_id: batch }],
    "read codes redemptions": [{ id: code }],
    "read codes show": [{ id: code }],
    "read credits of": [{ org_ids: [alice.orgId, bob.orgId], limit: 5 }],
    "read credits show": [{ org_id: alice.orgId }],
    "read dashboard": [{}],
    "read dashboard count": PARTS,
    "read dashboard newer": deck =>
      Promise.all(
        PARTS.map(async ({ part }) => {
          const { mark } = await deck.run(countPart, { part })
          return { part, mark: { ...mark, growth: { block: "0", inserted: "0" } } }
        }),
      ),
    "read dashboard recent": RECENT.map(of => ({ of, from: "2026-01-01T00:00:00Z" })),
    "read email config": [{}],
    "read email inspect": [{}],
    "read email status": [{}],
    "read gateway held": [{}],
    "read gateway holds": [{}],
    "read gateway inspect": [{}],
    // Where it may write, as `gateway hold` does: who may not holds nothing, either.
    "read gateway renew": [],
    "read gateway show": [{}],
    "read gateway simulate": [{ threshold: 0.5 }],
    "read gateway simulate day": [{ threshold: 0.5 }],
    // They write beside the history, and ask neither PostgreSQL nor Redis.
    "read incident correct": [],
    "read incident end": [],
    "read incident list": [{}],
    "read incident note": [],
    "read incident open": [{}],
    "read incident seen": [],
    "read incident show": deck => begun(deck),
    "read incident start": [],
    "read incident timeline": deck => begun(deck),
    "read incident title": [],
    "read incident unpin": [],
    "read invites joiners": [{ id: invite }],
    "read invites list": [{}, { q: "person" }],
    "read invites show": [{ id: invite }],
    "read log place": [{}],
    "read log histogram": [{ since: "1h", step: "5m" }],
    "read log top": [{ filter: `user:${alice.login}`, by: "ip" }],
    "read log compare": [{ window: "10m.." }],
    "read log changes": [{ window: "10m..", filter: `user:${alice.login}` }],
    "read log movers": [
      { since: "1m", sort: "rate", only: "route" },
      { sort: "p95", reversed: true },
    ],
    "read log": [{}, { filter: `user:${alice.login}` }, { since: "1-1" }],
    "read orgs api-keys": [{ org_id: alice.orgId }],
    "read orgs show": [{ org_id: alice.orgId }],
    "read queue": [{}],
    "read queue pulse": [{}],
    "read referrals branch": [{ user_id: alice.id }],
    "read referrals list": [{}, { inviter_user_id: alice.id }, { invite_code_id: invite }],
    "read referrals open": [{ user_id: alice.id }],
    "read referrals tree": [{ user_id: alice.id }],
    "read registration show": [{}],
    "read rows hidden": [{}],
    "read runs events": [{ run_id: run }, { run_id: run, type: "run.", after: 0, limit: 1, content: true }],
    "read runs messages": [{ run_id: run }],
    "read runs unlock": [{ run_id: run }],
    "read runs list": [{}, { status: "running" }, { user_id: alice.id, org_id: alice.orgId }],
    "read runs show": [{ run_id: run }],
    "read runs users": [{}, { filter: `user:${alice.login} since:7d`, sort: "-failed" }],
    "read runs tree": [{ run_id: run }],
    "read runs timeline": [{ run_id: run }, { run_id: run, after: 0 }],
    "read users api-keys": [{ id: alice.id }],
    "read users find": [{ terms: [alice.login] }],
    "read users invite-codes": [{ id: alice.id }],
    "read users list": [
      {},
      { q: "person" },
      { q: "person", status: "active" },
      { status: "deleted" },
      { status: "left-over" },
    ],
    "read users names": [{ ids: [alice.id] }],
    "read users referrals": [{ id: alice.id }],
    "read users requests": [{ id: alice.id }],
    "read users show": [{ id: alice.id }],
    "read whoami": [{}],
    "feed log": [{ since: "1-1" }],
    "feed watch": [{ alerts: ["workers < 1"] }, { alerts: ["rate > 100000/s"] }],
    "feed runs events": [{ run_id: run }, { run_id: run, content: true }],
    "feed email watch": [{ to: "ops@example.com" }],
    "change email test": [{ to: "ops@example.com" }],
    "change email set": [{ smtp_host: "mail.example.com" }],
    "change codes create": [{ count: 2, type: "credit", value: "5" }],
    "change codes update": [{ id: code, is_active: false }],
    "change codes update-batch": [{ batch_id: batch, is_active: false }],
    "change credits adjust": [
      { org_id: alice.orgId, amount: 5, note: "x" },
      { org_id: alice.orgId, amount: -5, note: "x" },
    ],
    "change gateway hold": [{ address: HELD }, { org_id: alice.orgId, minutes: 1, anyway: true }],
    "change gateway hold-networks": [{ networks: ["203.0.114.0/24"], anyway: true }],
    "change gateway release": [{ address: HELD }],
    "change gateway repair": [{}],
    "change gateway set": [{ risk_reject_threshold: 0.7 }, { inherit: ["risk_reject_threshold"] }],
    "change invites update": [{ id: invite, max_uses: 7, is_active: false }],
    "change registration set": [{ open: true }, { open: false }],
    "change repair": [{}],
    "change runs cancel": [{ run_id: run, children: true }, { user: bob.id }, { org: alice.orgId }],
    "change users update": [
      {
        id: alice.id,
        username: "alicia",
        email: `${alice.id}@example.com`,
        email_verified: true,
        locale: "de-DE",
        timezone: "UTC",
      },
      { id: alice.id, status: "suspended", revoke_keys: true, pause_automation: true, cancel_runs: true },
      { id: other.id, status: "suspended" },
    ],
    "change users delete": [{ id: bob.id, revoke_keys: true, pause_automation: true, cancel_runs: true }],
    "change users end-access": [{ id: carol.id }],
  }
}

/** The id of an incident. */
async function begun(deck: Deck): Promise<Inputs> {
  const open = (await deck.run(openIncident, {})) ?? (await deck.run(startIncident, { text: "checkout fails" }))
  return [{ id: open.id }]
}

const PARTS = ["users", "orgs", "runs", "usage"].map(part => ({ part }))
