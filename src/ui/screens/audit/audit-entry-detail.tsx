import type { AuditEntry } from "../../../domain/audit-entry.ts"
import { fit, type Shown, show, shown, width } from "../../../domain/safe-text.ts"
import { listAudit } from "../../../services/audit-log.ts"
import { defineDetail } from "../../kit/detail/detail.tsx"
import { type Field, fieldLines, given, LABEL, link, userLink } from "../../kit/detail/detail-fields.ts"
import { type DetailLine, MARGIN, textLine } from "../../kit/detail/detail-lines.ts"
import { textSection } from "../../kit/detail/detail-section.ts"
import type { Shell } from "../../kit/shell.ts"
import { fullUserName } from "../../widgets/cells.ts"
import { dateTime, dateTimeFromNow } from "../../widgets/format.ts"
import { type Piece, piece } from "../../widgets/line.tsx"
import { wrap } from "../../widgets/wrap.ts"
import { actor, targetUser } from "../shared/audit-columns.ts"
import { whatWasDone } from "../shared/audit-what.ts"
import { changedFields, member, membersOf } from "../shared/members.ts"
import { auditValuesScreen, isNested } from "./audit-values.tsx"

/** Screen of one audit row, with the values before and after. */
export const auditEntryScreen = defineDetail<AuditEntry, AuditEntry>({
  id: "audit-entry",
  title: "Audit",
  summary: "one change: who made it, why, and what it changed",
  source: entry => entry,
  command: { operation: listAudit },
  name: entry => [
    piece(show(entry.action), "strong"),
    piece(shown`  `),
    whatWasDone(entry),
    piece(shown`  ${dateTime(entry.ts)}`, "dim"),
  ],
  fields: entryFields,
  sections: [
    textSection<AuditEntry, AuditEntry>({
      heading: shown`What it changed`,
      source: entry => entry,
      lines: ({ before, after }, columns) => changeLines(before, after, columns),
      empty: shown`No values were recorded.`,
    }),
    textSection<AuditEntry, AuditEntry>({
      heading: shown`Recorded with it`,
      source: entry => entry,
      lines: (entry, columns) => [
        ...fieldLines(
          membersOf(entry.metadata)
            .filter(([name]) => name !== "reason")
            .map(([name, value]) => ({ label: show(name), value: toldText(name, value) })),
          columns,
        ),
        ...(isNested(entry) ? [valuesLine(entry)] : []),
      ],
      empty: shown`Nothing.`,
    }),
  ],
})

/** The line that leads to all values as JSON. */
const valuesLine = (entry: AuditEntry): DetailLine => ({
  ...textLine(piece(shown`all values as JSON, which folds and is searched`, "key")),
  key: "values",
  open: shell => shell.push(auditValuesScreen, entry),
})

function entryFields(entry: AuditEntry): Field[] {
  const { actor_user_id: actorId, target_id: targetId, target_type: targetType } = entry
  const reason = member(entry.metadata, "reason")
  return [
    { label: shown`reason`, value: reason === undefined ? shown`` : valueText(reason), tone: "strong" },
    actorId === null
      ? { label: shown`by`, value: shown`unknown` }
      : userLink(shown`by`, actorId, fullUserName(actor(entry))),
    link(show(targetType ?? "target"), targetId, fullUserName(targetUser(entry)), (id, shell) =>
      openTarget(entry, id, shell),
    ),
    { label: shown`time`, value: dateTimeFromNow(entry.ts, true) },
    { label: shown`from`, value: given(entry.ip_address, show) },
    { label: shown`with`, value: given(entry.user_agent, show) },
    { label: shown`trace`, value: show(entry.trace_id) },
    { label: shown`id`, value: show(entry.id) },
  ]
}

/** Opens the screen of the target or, for targets without one, all audit rows about it. */
function openTarget({ target_type: type, target_username: name }: AuditEntry, id: string, shell: Shell) {
  if (name !== null) return shell.open("user", { id })
  if (type === "account" || type === "organization") return shell.open("org", { org_id: id })
  if (type === "invite_code") return shell.open("inviteCode", { id })
  if (type === "redemption_code") return shell.open("redemptionCode", { id })
  if (type === "redemption_code_batch") return shell.open("codesOf", { batch_id: id })
  shell.open("auditOf", { target_id: id })
}

const valueText = (value: unknown): Shown =>
  value === undefined ? shown`` : show(typeof value === "string" ? value : JSON.stringify(value))

/** `everything` of a run that was read is said in words: what is recorded is short. */
const toldText = (name: string, value: unknown): Shown =>
  name === "scope" && value === "everything" ? shown`messages and events` : valueText(value)

/** Draws the values before and after side by side, one field a row, paragraph where long. */
function changeLines(before: unknown, after: unknown, columns: number): DetailLine[] {
  const names = changedFields(before, after)
  if (names.length === 0) return []
  const side = Math.max(8, Math.floor((columns - width(MARGIN) - LABEL - 4) / 2))
  const row = (name: Piece, was: Piece, is: Piece): DetailLine =>
    textLine(cell(name, LABEL), cell(was, side), piece(shown`  `), cell(is, side))
  const rows = names.flatMap(name => {
    const was = wrap(valueText(member(before, name)), side)
    const is = wrap(valueText(member(after, name)), side)
    return Array.from({ length: Math.max(was.length, is.length) }, (_, line) =>
      row(
        piece(line === 0 ? show(name) : shown``, "dim"),
        piece(was[line] ?? shown``),
        piece(is[line] ?? shown``, "strong"),
      ),
    )
  })
  return [row(piece(shown``), piece(shown`BEFORE`, "dim"), piece(shown`AFTER`, "dim")), ...rows]
}

const cell = ([text, tone]: Piece, columns: number): Piece => piece(fit(text, columns), tone)
