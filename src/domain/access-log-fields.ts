import type { AccessLogEntry } from "./access-log.ts"
import type { Held, KindName } from "./access-log-kinds.ts"
import type { Operator } from "./filter-language.ts"
import { STATUS_CLASSES } from "./status-class.ts"
import type { StreamEntry } from "./stream-entry.ts"

/** Field of the gateway's access log, for everything that filters, counts or explains requests by it. */
export interface LogField {
  /** Name typed before the operator of a term. */
  readonly name: string
  /** Type of its values: how they are compared, and how requests are grouped by them. */
  readonly kind: KindName
  /** Its name in the contract's record, and in the stream unless `read` is given. */
  readonly member: keyof AccessLogEntry
  readonly read?: (entry: StreamEntry) => Held
  /** What `read` reads, as an expression over the history's columns, which are named as in the stream. */
  readonly sql?: string
  /** Description of a value, for help and error messages. */
  readonly expects: string
  /** The usual values, where these are few; completion offers them. */
  readonly choices?: readonly string[]
  /** Example of a complete term. */
  readonly example: string
  /** Whether text typed without a name is searched for in it. */
  readonly isSearched?: true
  /** Its dimensions in the movers' panel and alert rules: the name in a rule, and the panel's heading. */
  readonly dimensions?: Readonly<Record<string, string>>
  /** Further dimensions, that the history alone is counted by: live, each would cost a look-up for every request. */
  readonly counted?: Readonly<Record<string, string>>
  /** Option of `opsdeck log` that stands for one term of it. */
  readonly option?: {
    readonly name: string
    readonly operator?: Operator
    readonly label: string
    readonly placeholder?: string
  }
}

/** Returns the risk as the stream holds it, 0 to 100, whatever a client sent as its score (contract, section 4). */
export function riskPercent(entry: StreamEntry): number | null {
  const percent = entry.number("risk_score")
  return percent === null ? null : Math.min(Math.max(percent, 0), 100)
}

/** What `riskPercent` reads, as an expression over the history's columns. */
export const RISK_PERCENT_SQL = "case when risk_score is null then null else least(greatest(risk_score, 0), 100) end"

/** Returns the risk as 0 to 1, as everybody but the stream says it. */
function riskScore(entry: StreamEntry): number | null {
  const percent = riskPercent(entry)
  return percent === null ? null : percent / 100
}

/** Returns the id under the name of either generation. */
const orgId = (entry: StreamEntry) => entry.get("org_id") || entry.get("account_id") || ""

// biome-ignore format: a field is a line where it can be
const FIELDS = [
  { name: "status", kind: "status", member: "status_code", read: entry => entry.number("status"), sql: "status",
    expects: "a status such as 503, or a class such as 5xx", example: "status:5xx",
    choices: STATUS_CLASSES, dimensions: { status: "STATUS" } },
  { name: "ip", kind: "address", member: "client_ip", isSearched: true,
    expects: "an address or a CIDR block", example: "ip:10.0.0.0/8", dimensions: { ip: "IP", network: "NETWORK" },
    option: { name: "ip", label: "only clients of this address or block", placeholder: "ADDRESS|CIDR" } },
  { name: "user", kind: "user", member: "user_id",
    expects: "an id, a login, a user name or an e-mail address", example: "user:alice", dimensions: { user: "USER" } },
  { name: "route", kind: "route", member: "path",
    expects: "a path with :id for its ids", example: "route:/v1/threads/:id/runs", dimensions: { route: "PATH" } },
  { name: "path", kind: "beginning", member: "path", isSearched: true,
    expects: "the beginning of a path", example: "path:/v1/threads",
    option: { name: "path", label: "only paths that begin so", placeholder: "PREFIX" } },
  { name: "method", kind: "whole", member: "method", expects: "an HTTP method", example: "method:POST",
    choices: ["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS"], counted: { method: "METHOD" },
    option: { name: "method", label: "only this method, case-insensitive", placeholder: "METHOD" } },
  { name: "country", kind: "whole", member: "country",
    expects: "a country code", example: "country:CN", dimensions: { country: "COUNTRY" },
    option: { name: "country", label: "only this country, case-insensitive", placeholder: "CODE" } },
  { name: "city", kind: "whole", member: "city", expects: "a city", example: "city:Berlin",
    counted: { city: "CITY" } },
  { name: "ua", kind: "whole", member: "ua_type",
    expects: "human, bot, tool or unknown", example: "ua:bot", dimensions: { ua: "USER AGENT TYPE" },
    choices: ["human", "bot", "tool", "unknown"],
    option: { name: "ua_type", label: "only human, bot, tool or unknown clients, case-insensitive", placeholder: "TYPE" } },
  { name: "agent", kind: "part", member: "user_agent", isSearched: true,
    expects: "a part of the user agent", example: "agent:curl", counted: { agent: "USER AGENT" } },
  { name: "risk", kind: "risk", member: "risk_score", read: riskScore,
    sql: `${RISK_PERCENT_SQL} / 100`,
    expects: "a number from 0 to 1", example: "risk>=0.8",
    option: { name: "risk_min", operator: ">=", label: "only this risk and above" } },
  { name: "dur", kind: "duration", member: "duration_ms",
    expects: "milliseconds, or seconds such as 1.2s", example: "dur>500" },
  { name: "identity", kind: "whole", member: "identity_type",
    expects: "jwt, api_key or anonymous, as most requests by API keys are logged", example: "identity:api_key",
    choices: ["jwt", "api_key", "anonymous"], counted: { identity: "IDENTITY" } },
  { name: "org", kind: "whole", member: "org_id", read: orgId,
    sql: "coalesce(nullif(org_id, ''), account_id, '')", expects: "the id of an organization", example: "org:ID",
    counted: { org: "ORGANIZATION" } },
  { name: "gateway", kind: "whole", member: "gateway", read: entry => entry.gateway,
    expects: "the name of a gateway in the profile", example: "gateway:eu", dimensions: { gateway: "GATEWAY" } },
  { name: "trace", kind: "beginning", member: "trace_id", isSearched: true,
    expects: "the beginning of a trace id", example: "trace:4f3a" },
  { name: "id", kind: "id", member: "id", read: entry => entry.id,
    sql: "concat(cast(ms as String), '-', cast(seq as String))",
    expects: "the id of an entry", example: "id:1700000012345-0" },
] as const satisfies readonly LogField[]

/** Every field of the log, in the order of help and dialogs. */
export const LOG_FIELDS: readonly LogField[] = FIELDS

/** Fields that text without a name is searched for in. */
export const SEARCHED_FIELDS: readonly LogField[] = LOG_FIELDS.filter(({ isSearched }) => isSearched)

type KeyOf<Union> = Union extends unknown ? keyof Union : never
type With<Member extends keyof LogField> = Extract<(typeof FIELDS)[number], Required<Pick<LogField, Member>>>

/** Name of a dimension in alert rules. */
export type DimensionKey = KeyOf<With<"dimensions">["dimensions"]>

/** Name of a dimension that the history is counted by. */
export type CountedKey = DimensionKey | KeyOf<With<"counted">["counted"]>

/** Name of an option of `opsdeck log` in the command's input. */
export type LogOption = With<"option">["option"]["name"]
