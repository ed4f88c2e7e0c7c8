import { VERSION } from "../../version.ts"
import type { Random } from "../random.ts"
import type { People } from "./people.ts"

/** Something that the demonstration's operator did. */
interface Deed {
  readonly action: string
  readonly target: readonly [type: string, id: string]
  readonly metadata: Record<string, unknown>
  readonly before?: object
  readonly after?: object
  readonly org_id?: string
}

/** Makes the audit row of it, without its time. */
export const operatorAudit = (
  { operator }: People,
  random: Random,
  { action, target: [target_type, target_id], metadata, before = {}, after = {}, org_id }: Deed,
) => ({
  id: random.uuid(),
  actor_user_id: operator.id,
  action,
  target_type,
  target_id,
  trace_id: random.hex(32),
  metadata_json: JSON.stringify(metadata),
  ip_address: "198.51.100.7",
  user_agent: `opsdeck/${VERSION}`,
  before_state_json: JSON.stringify(before),
  after_state_json: JSON.stringify(after),
  ...(org_id !== undefined && { org_id }),
})
