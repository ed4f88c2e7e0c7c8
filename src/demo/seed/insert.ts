import type { Postgres } from "../../adapters/postgres/connection.ts"
import type { World } from "./world.ts"

/** PostgreSQL takes 65 535 parameters per statement; the widest row here has sixteen. */
const ROWS_A_STATEMENT = 2_000

/** Writes the world and the settings to an empty database of the contract's tables, all or nothing. */
export async function insertWorld(
  postgres: Postgres,
  { people, runs, codes, audit, automation, leftOver, queue, credits }: World,
  settings: Readonly<Record<string, string>>,
): Promise<void> {
  const users = people.users.map(({ login: _, ...row }) => row)
  const settingRows = Object.entries(settings).map(([key, value]) => ({ key, value }))
  await postgres.transaction(async tx => {
    await inChunks(users, rows => tx.insertInto("users").values(rows).execute())
    await inChunks(people.credentials, rows => tx.insertInto("user_credentials").values(rows).execute())
    await inChunks(people.orgs, rows => tx.insertInto("orgs").values(rows).execute())
    await inChunks(people.memberships, rows => tx.insertInto("org_memberships").values(rows).execute())
    await inChunks(people.apiKeys, rows => tx.insertInto("api_keys").values(rows).execute())
    await inChunks(people.refreshTokens, rows => tx.insertInto("refresh_tokens").values(rows).execute())
    await inChunks(leftOver, rows => tx.insertInto("refresh_tokens").values(rows).execute())
    await inChunks(runs.threads, rows => tx.insertInto("threads").values(rows).execute())
    await inChunks(runs.runs, rows => tx.insertInto("runs").values(rows).execute())
    await inChunks(runs.events, rows => tx.insertInto("run_events").values(rows).execute())
    await inChunks(runs.usage, rows => tx.insertInto("usage_records").values(rows).execute())
    await inChunks(runs.messages, rows => tx.insertInto("messages").values(rows).execute())
    await inChunks(runs.charges, rows => tx.insertInto("credit_transactions").values(rows).execute())
    await inChunks(codes.inviteCodes, rows => tx.insertInto("invite_codes").values(rows).execute())
    await inChunks(codes.referrals, rows => tx.insertInto("referrals").values(rows).execute())
    await inChunks(codes.redemptionCodes, rows => tx.insertInto("redemption_codes").values(rows).execute())
    await inChunks(codes.redemptionRecords, rows => tx.insertInto("redemption_records").values(rows).execute())
    await inChunks(settingRows, rows => tx.insertInto("platform_settings").values(rows).execute())
    await inChunks(automation.jobs, rows => tx.insertInto("scheduled_jobs").values(rows).execute())
    await inChunks(automation.channels, rows => tx.insertInto("channels").values(rows).execute())
    await inChunks(automation.identities, rows => tx.insertInto("channel_identities").values(rows).execute())
    await inChunks(automation.triggers, rows => tx.insertInto("scheduled_triggers").values(rows).execute())
    await inChunks(queue.jobs, rows => tx.insertInto("jobs").values(rows).execute())
    await inChunks(queue.workers, rows => tx.insertInto("worker_registrations").values(rows).execute())
    await inChunks(credits.balances, rows => tx.insertInto("credits").values(rows).execute())
    await inChunks(credits.transactions, rows => tx.insertInto("credit_transactions").values(rows).execute())
    await inChunks([...audit, ...credits.audit], rows => tx.insertInto("audit_logs").values(rows).execute())
  })
}

async function inChunks<Row>(rows: readonly Row[], insert: (chunk: Row[]) => Promise<unknown>): Promise<void> {
  for (let at = 0; at < rows.length; at += ROWS_A_STATEMENT) await insert(rows.slice(at, at + ROWS_A_STATEMENT))
}
