import type { Operator } from "../../domain/operator.ts"
import { show } from "../../domain/safe-text.ts"
import type { UserDetail } from "../../domain/user.ts"
import type { UserUpdate } from "../../domain/user-patch.ts"
import { effectsOf } from "../change.ts"
import { NEW_CODE } from "../invite-codes/new-code.ts"
import type { Preview } from "../operation.ts"
import { automationEffects, automationNote } from "./automation-previews.ts"
import { isOn } from "./pause-automation.ts"
import type { Holdings } from "./user-holdings.ts"
import type { UpdatePlan } from "./user-plan.ts"

/** Preview of `plan`; `owed` says what Redis is owed for what is so already. */
export function previewOfUpdate(
  plan: UpdatePlan,
  holdings: Holdings,
  operator: Operator,
  owed: readonly string[],
): Preview {
  const { user, status, revokesKeys, pausesAutomation, cancelsRuns } = plan
  const effects = [...statusEffects(plan, holdings), ...profileEffects(plan), ...owed]
  if (revokesKeys && user.id === operator.userId && operator.apiKeyId !== null) {
    effects.push("the API key that you are signed in with is one of them")
  }
  return {
    title: `${titleOf(plan)} ${nameOf(user)}`,
    subject: [subjectOf(user)],
    ...effectsOf(effects),
    notes: notesOn(holdings),
    needsConfirmation:
      status === "suspended" ||
      (revokesKeys && holdings.keys > 0) ||
      (pausesAutomation && isOn(holdings.automation)) ||
      (cancelsRuns && holdings.runs > 0),
  }
}

/** Preview of deleting `user`. */
export function previewOfRemoval(user: UserDetail, holdings: Holdings, ends: Ends): Preview {
  const { revoke_keys = false, pause_automation = false, cancel_runs = false } = ends
  return {
    title: `Delete ${nameOf(user)}`,
    subject: [subjectOf(user)],
    effects: [
      "this cannot be undone",
      SESSIONS_END,
      ...becomesFree(user),
      "name, e-mail address, memberships and runs stay in the database",
      ...keyEffects(holdings, revoke_keys),
      ...codeEffects(holdings),
      ...runEffects(holdings, cancel_runs),
      ...automationEffects(holdings.automation, pause_automation),
    ],
    notes: notesOn(holdings),
    needsConfirmation: true,
    typed: confirmationOf(user),
  }
}

type Ends = Pick<UserUpdate, "revoke_keys" | "pause_automation" | "cancel_runs">

/** Preview of ending the access of `user`, whose status stays. */
export function previewOfAccessEnd(user: UserDetail, holdings: Holdings, pausesAutomation: boolean): Preview {
  return {
    title: `End the access of ${nameOf(user)}`,
    subject: [subjectOf(user), `status ${user.status}`],
    effects: [
      `all sessions revoked: ${holdings.sessions} at the moment`,
      ...(user.status === "active" ? ["they can sign in again: suspend them to block that"] : []),
      ...keyEffects(holdings, true),
      ...codeEffects(holdings),
      ...runEffects(holdings, false),
      ...automationEffects(holdings.automation, pausesAutomation),
    ],
    notes: notesOn(holdings),
    needsConfirmation: true,
  }
}

/** Preview of deleting `user` again, for what Redis is still owed. */
export const previewOfDeleted = (user: UserDetail, owed: readonly string[]): Preview => ({
  title: `Delete ${nameOf(user)}`,
  subject: [subjectOf(user)],
  effects: ["deleted already", ...owed],
  needsConfirmation: false,
})

/** Names that only this user could have had until now. */
function becomesFree({ login, email }: UserDetail): string[] {
  const free = [...(login === null ? [] : [`the login ${login}`]), ...(email === null ? [] : [`the address ${email}`])]
  return free.length === 0
    ? []
    : [`${free.join(" and ")} ${free.length === 1 ? "becomes" : "become"} available to others`]
}

const notesOn = ({ keys, runs, endingRuns, automation }: Holdings) => ({
  ...(keys === 0 && { revoke_keys: "they have none" }),
  ...(runs === 0 && { cancel_runs: endingRuns === 0 ? "they have none" : "all are being cancelled already" }),
  ...automationNote(automation),
})

const nameOf = ({ login, username }: UserDetail) => login ?? username

/** Maximum length of a text to type: longer names are not typed without a mistake. */
const TYPED_AT_MOST = 64

/** Text to type as confirmation: the name, if it can be read and typed as it is; else the id. */
function confirmationOf(user: UserDetail): string {
  const name = nameOf(user)
  const legible = name !== "" && name.length <= TYPED_AT_MOST && name.trim() === name && show(name) === name
  return legible ? name : user.id
}

function titleOf({ asked, profile, revokesKeys, pausesAutomation, cancelsRuns }: UpdatePlan): string {
  if (asked === "suspended") return "Suspend"
  if (asked === "active") return "Activate"
  const [only, ...others] = [
    ...(Object.keys(profile).length > 0 ? ["Edit"] : []),
    ...(revokesKeys ? ["Revoke the API keys of"] : []),
    ...(pausesAutomation ? ["Pause the automation of"] : []),
    ...(cancelsRuns ? ["Cancel the runs of"] : []),
  ]
  return only === undefined || others.length > 0 ? "Edit" : only
}

const NAMED = 5

function subjectOf({ username, email, orgs }: UserDetail): string {
  const named = orgs.slice(0, NAMED).map(({ name, role }) => `${name} (${role})`)
  const places = orgs.length > NAMED ? [...named, `${orgs.length - NAMED} more`] : named
  return [username, email, places.join(", ")].filter(Boolean).join(" · ")
}

const SESSIONS_END = "sign-in blocked; all sessions revoked"

function statusEffects(plan: UpdatePlan, holdings: Holdings): string[] {
  const { status, revokesKeys, pausesAutomation, cancelsRuns } = plan
  const { automation } = holdings
  if (status === "suspended") {
    return [
      SESSIONS_END,
      ...keyEffects(holdings, revokesKeys),
      ...codeEffects(holdings, "; activating the user again does not restore"),
      ...runEffects(holdings, cancelsRuns),
      ...automationEffects(automation, pausesAutomation),
    ]
  }
  const comesBack = [
    "sign-in allowed again; revoked sessions stay revoked",
    "switched-off invite codes and revoked API keys stay so",
  ]
  return [
    ...(status === "active" ? comesBack : []),
    ...(revokesKeys ? keyEffects(holdings, true) : []),
    ...(pausesAutomation ? automationEffects(automation, true) : []),
    ...(cancelsRuns ? runEffects(holdings, true) : []),
  ]
}

const codeEffects = ({ codes }: Holdings, afterwards = "") => [
  ...some(
    codes,
    `invite code is switched off${afterwards && `${afterwards} it`}`,
    `invite codes are switched off${afterwards && `${afterwards} them`}`,
  ),
  ...(codes === 0 ? [] : [NEW_CODE]),
]

const keyEffects = ({ keys }: Holdings, revoked: boolean) =>
  revoked
    ? some(keys, "API key is revoked", "API keys are revoked")
    : some(
        keys,
        "API key keeps working: the platform does not stop it",
        "API keys keep working: the platform does not stop them",
      )

const runEffects = ({ runs, endingRuns }: Holdings, cancelled: boolean) => [
  ...(cancelled
    ? some(runs, "run in progress is asked to end", "runs in progress are asked to end")
    : some(runs, "run in progress is not stopped", "runs in progress are not stopped")),
  ...some(endingRuns, "run is being cancelled already", "runs are being cancelled already"),
]

/** A sentence about `count` things; none for 0. */
const some = (count: number, one: string, many: string) => (count === 0 ? [] : [`${count} ${count === 1 ? one : many}`])

function profileEffects({ user, profile }: UpdatePlan): string[] {
  const { username, email, email_verified, locale, timezone } = profile
  const verification = email_verified ? "verified" : "not verified"
  return [
    ...becomes("name", user.username, username),
    ...becomes("e-mail", user.email, email && `${email} (${verification})`),
    ...(email === undefined && email_verified !== undefined ? [`e-mail: ${user.email} is ${verification}`] : []),
    ...becomes("locale", user.locale, locale),
    ...becomes("time zone", user.timezone, timezone),
  ]
}

const becomes = (label: string, from: string | null, to: string | null | undefined) =>
  to === undefined ? [] : [`${label}: ${from ?? "none"} → ${to ?? "none"}`]
