import { randomUUID } from "node:crypto"
import { asSuperuser, type TestDatabase } from "./postgres.ts"
import { addRun } from "./runs.ts"

/** Runs with something that users wrote, and what the audit log has of them. */
export function contentIn(database: TestDatabase) {
  const orgId = database.generation === "orgs" ? "org_id" : "account_id"
  const audits = (run: string) =>
    asSuperuser(
      `select action, actor_user_id, target_type, metadata_json, ${orgId} as org, trace_id, before_state_json
      from audit_logs where target_id = '${run}' order by ts`,
      database.url,
    )

  /** A run from 12:00 to 12:10 in a thread of its own, with these events' data. */
  async function runWith(...data: unknown[]) {
    const [org, thread] = [randomUUID(), randomUUID()]
    const id = await addRun(database.postgres, {
      ...{ org_id: org, thread_id: thread, status: "completed" },
      ...{ created_at: "2026-03-01T12:00:00Z", completed_at: "2026-03-01T12:10:00Z" },
    })
    await database.postgres.transaction(async tx => {
      for (const [index, one] of data.entries()) {
        const row = { run_id: id, seq: index + 1, type: "llm.request", data_json: JSON.stringify(one) }
        await tx.insertInto("run_events").values(row).execute()
      }
    })
    const say = (at: string, content: string, columns: Record<string, unknown> = {}) =>
      database.postgres.transaction(tx =>
        tx
          .insertInto("messages")
          .values({
            org_id: org,
            thread_id: thread,
            role: "user",
            content,
            created_at: `2026-03-01T${at}Z`,
            ...columns,
          })
          .execute(),
      )
    return { id, say, org, thread }
  }

  return { runWith, audits }
}
