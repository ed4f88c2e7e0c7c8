import { type AccessLogEntry, shownTime } from "../../../domain/access-log.ts"
import { show, shown } from "../../../domain/safe-text.ts"
import { cellOf, endsCell, textCell } from "../../widgets/cells.ts"
import { duration, shortIds, timeOfDay } from "../../widgets/format.ts"
import { piece } from "../../widgets/line.tsx"
import type { Column } from "../../widgets/table.tsx"
import type { Tone } from "../../widgets/theme.ts"

/** Entry with the name of its user, if known. */
export interface LogRow {
  readonly entry: AccessLogEntry
  readonly username: string | undefined
}

const STATUS_TONES: Readonly<Record<number, Tone>> = { 2: "good", 3: "dim", 4: "look", 5: "act" }

export const statusTone = (status: number | null): Tone => STATUS_TONES[Math.floor((status ?? 0) / 100)] ?? "plain"

export const riskTone = (risk: number | null): Tone =>
  risk === null || risk < 0.5 ? "dim" : risk < 0.8 ? "look" : "act"

export const slowTone = (ms: number | null): Tone => (ms === null || ms < 1000 ? "plain" : "look")

/** Columns of the longest address. */
const IPV6 = 39

export const logColumns: readonly Column<LogRow>[] = [
  {
    header: shown`TIME`,
    identity: true,
    width: 12,
    cell: ({ entry }) => piece(timeOfDay(shownTime(entry), true), "dim"),
  },
  { header: shown`METHOD`, width: 6, dropAs: 2, cell: ({ entry }) => textCell(entry.method) },
  {
    header: shown`STAT`,
    width: 4,
    align: "right",
    cell: ({ entry }) => cellOf(entry.status_code, status => shown`${status}`, statusTone(entry.status_code)),
  },
  {
    header: shown`DUR`,
    width: 5,
    align: "right",
    dropAs: 3,
    after: 20,
    cell: ({ entry }) => piece(duration(entry.duration_ms), slowTone(entry.duration_ms)),
  },
  { header: shown`IP`, width: 15, roomy: IPV6, cell: ({ entry }) => textCell(entry.client_ip) },
  { header: shown`CC`, width: 2, dropAs: 6, after: 24, cell: ({ entry }) => textCell(entry.country) },
  { header: shown`UA`, width: 7, dropAs: 7, after: 36, cell: ({ entry }) => textCell(entry.ua_type, "dim") },
  {
    header: shown`RISK`,
    width: 4,
    align: "right",
    dropAs: 5,
    after: 22,
    cell: ({ entry }) => cellOf(entry.risk_score, risk => show(risk.toFixed(2)), riskTone(entry.risk_score)),
  },
  {
    header: shown`USER`,
    width: 14,
    least: 8,
    roomy: 20,
    dropAs: 4,
    after: 20,
    cell: ({ entry, username }) => textCell(username ?? shortIds(entry.user_id)),
  },
  {
    header: shown`PATH`,
    width: "rest",
    least: 18,
    roomy: 40,
    cell: ({ entry }, room) => endsCell(shortIds(entry.path), room),
  },
]

const LONGEST_NAME = 10

/** The columns where there are several gateways, of these names. */
export function columnsWith(gateways: readonly string[]): readonly Column<LogRow>[] {
  const longest = Math.max(...gateways.map(name => name.length))
  const column: Column<LogRow> = {
    header: shown`GW`,
    width: Math.min(Math.max(2, longest), LONGEST_NAME),
    dropAs: 1,
    cell: ({ entry }) => textCell(entry.gateway ?? ""),
  }
  return logColumns.toSpliced(1, 0, column)
}
