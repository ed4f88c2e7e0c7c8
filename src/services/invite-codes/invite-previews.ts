import { type InviteCodePatch, type InviteCodeRow, isUsedUp, usedText } from "../../domain/invite-code.ts"
import { effectsOf } from "../change.ts"
import type { Preview } from "../operation.ts"
import { NEW_CODE } from "./new-code.ts"

/** Preview of the changes in `changed` to `code`. */
export function previewOfInvite(code: InviteCodeRow, changed: InviteCodePatch): Preview {
  return {
    title: `${titleOf(changed)} invite code ${code.code}`,
    subject: [subjectOf(code)],
    ...effectsOf([...limitEffects(code, changed), ...stateEffects(code, changed)]),
    needsConfirmation: false,
  }
}

function titleOf({ max_uses, is_active }: InviteCodePatch): string {
  if (max_uses !== undefined || is_active === undefined) return "Edit"
  return is_active ? "Activate" : "Deactivate"
}

/** `of alice (suspended) · alice@example.com · used 3 times, limit 10`. */
function subjectOf({ user_id, user_login, user_name, user_email, user_status, ...code }: InviteCodeRow): string {
  const name = user_login ?? user_name ?? user_id
  const owner = user_status === "active" ? name : `${name} (${user_status ?? "unknown"})`
  return [`of ${owner}`, user_email, `${usedText(code)}, ${limitText(code)}`].filter(Boolean).join(" · ")
}

function limitEffects(code: InviteCodeRow, { max_uses }: InviteCodePatch): string[] {
  if (max_uses === undefined) return []
  const limited = { ...code, max_uses }
  const becomes = `${limitText(code)} → ${limitText(limited)}`
  return isUsedUp(limited) ? [becomes, `it is used up immediately: ${usedText(code)} already`] : [becomes]
}

const limitText = ({ max_uses }: Required<Pick<InviteCodePatch, "max_uses">>) =>
  max_uses === 0 ? "no limit" : `limit ${max_uses}`

function stateEffects(code: InviteCodeRow, { max_uses, is_active }: InviteCodePatch): string[] {
  if (is_active === undefined) return []
  if (!is_active) return ["it can no longer be used; accounts that joined with it stay", NEW_CODE]
  const usedUp = max_uses === undefined && isUsedUp(code)
  return [
    usedUp ? "it is on, but used up: it cannot be used until its limit is raised" : "it can be used",
    ...ownerEffects(code),
  ]
}

/** Suspending or deleting a user switches their codes off; switching one on again is allowed. */
function ownerEffects({ user_status }: InviteCodeRow): string[] {
  if (user_status === "active") return []
  if (user_status === null) return ["its owner does not exist: the code is switched on nevertheless"]
  return [`its owner is ${user_status}: the code is switched on nevertheless`]
}
