import { sql, type Transaction } from "kysely"
import { anyOf } from "../../adapters/postgres/any-of.ts"
import type { Tables } from "../../adapters/postgres/tables.ts"
import { DeckError } from "../../domain/errors.ts"
import type { PlannedStep } from "../debt.ts"
import { type Automation, automationOf, type HeartbeatSetting } from "./automation.ts"

/** What was paused, for the audit row and the steps of its change. */
export interface PausedAutomation {
  readonly counts: { readonly scheduled_jobs: number; readonly channels: number; readonly heartbeats: number }
  /** The values before and after; lists that would be empty are left out. */
  readonly before: Record<string, unknown>
  readonly after: Record<string, unknown>
  readonly steps: readonly PlannedStep[]
}

/** Whether something of the automation is on. */
export const isOn = ({ jobs, channels, heartbeats }: Automation): boolean =>
  jobs.length + channels.length + heartbeats > 0

/**
 * Pauses what starts runs of the user by itself, as the platform's own switches do (contract, section 9); undefined where
 * nothing was on. Resuming is the platform's, which works out the next times. Throws DeckError "unavailable" where the
 * role may not read a table of it.
 */
export async function pauseAutomation(tx: Transaction<Tables>, userId: string): Promise<PausedAutomation | undefined> {
  const automation = await automationOf(tx, userId)
  refuseHidden(automation)
  if (!isOn(automation)) return undefined
  const { jobs, channels, heartbeats, rows, settings } = automation
  await pauseJobs(tx, automation)
  if (channels.length > 0) {
    await tx
      .updateTable("channels")
      .set({ is_active: false, updated_at: NOW })
      .where("id", "=", anyOf(idsOf(channels)))
      .execute()
  }
  for (const table of ["channel_identity_links", "channel_identities"] as const) await switchOff(tx, table, settings)
  if (rows.length > 0)
    await tx
      .deleteFrom("scheduled_triggers")
      .where("id", "=", anyOf(idsOf(rows)))
      .execute()
  if (heartbeats > 0) await sql`select pg_notify('arkloop:heartbeat', '')`.execute(tx)
  return {
    counts: { scheduled_jobs: jobs.length, channels: channels.length, heartbeats },
    before: withoutEmpty({
      scheduled_jobs: jobs.map(({ id }) => ({ id, enabled: true })),
      channels: channels.map(({ id }) => ({ id, is_active: true })),
      heartbeats: rows,
      heartbeat_settings: settings,
    }),
    after: withoutEmpty({
      scheduled_jobs: jobs.map(({ id }) => ({ id, enabled: false })),
      channels: channels.map(({ id }) => ({ id, is_active: false })),
      heartbeat_settings: settings.map(setting => ({ ...setting, heartbeat_enabled: 0 })),
    }),
    steps: [
      ...step(jobs.length, "job paused", "jobs paused"),
      ...step(channels.length, "channel paused", "channels paused"),
      ...step(heartbeats, "heartbeat stopped", "heartbeats stopped"),
    ],
  }
}

async function pauseJobs(tx: Transaction<Tables>, { jobs, jobsHaveRows }: Automation): Promise<void> {
  if (jobs.length === 0) return
  const ids = anyOf(idsOf(jobs))
  await tx.updateTable("scheduled_jobs").set({ enabled: false, updated_at: NOW }).where("id", "=", ids).execute()
  if (jobsHaveRows) await tx.deleteFrom("scheduled_triggers").where("job_id", "=", ids).execute()
  await sql`select pg_notify('arkloop:scheduled_jobs', '')`.execute(tx)
}

/** Keeps the next run from making the rows of the heartbeats again. */
async function switchOff(
  tx: Transaction<Tables>,
  table: HeartbeatSetting["table"],
  settings: readonly HeartbeatSetting[],
): Promise<void> {
  const ids = idsOf(settings.filter(setting => setting.table === table))
  if (ids.length === 0) return
  await tx.updateTable(table).set({ heartbeat_enabled: 0, updated_at: NOW }).where("id", "=", anyOf(ids)).execute()
}

/** Throws DeckError "unavailable" where the role may not read a table of the automation. */
export function refuseHidden({ hidden }: Automation): void {
  if (hidden.length === 0) return
  const message = `automation cannot be paused: no right to read ${hidden.join(", ")}: grant what opsdeck doctor --grants prints, or leave out --pause-automation`
  throw new DeckError("unavailable", message)
}

const NOW = sql<string>`now()`

const idsOf = (rows: readonly { readonly id: string }[]) => rows.map(({ id }) => id)

const step = (count: number, one: string, many: string): PlannedStep[] =>
  count === 0 ? [] : [{ what: `${count} ${count === 1 ? one : many}` }]

const withoutEmpty = (lists: Readonly<Record<string, readonly unknown[]>>) =>
  Object.fromEntries(Object.entries(lists).filter(([, list]) => list.length > 0))
