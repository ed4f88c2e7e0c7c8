import { show, shown } from "../../../domain/safe-text.ts"
import type { SeenUser, UserDetail } from "../../../domain/user.ts"
import { userFields } from "../../../domain/user-patch.ts"
import { deleteUser, updateUser } from "../../../services/users/user-changes.ts"
import { showUser } from "../../../services/users/users.ts"
import { defineBindings } from "../../keys/binding.ts"
import { changeDialog } from "../../kit/change/change-dialog.tsx"
import { defineDetail, type Opened } from "../../kit/detail/detail.tsx"
import { type Field, given } from "../../kit/detail/detail-fields.ts"
import { reading } from "../../kit/detail/detail-section.ts"
import { type EditParams, editScreen } from "../../kit/form/edit.tsx"
import { day, when } from "../../widgets/format.ts"
import { piece } from "../../widgets/line.tsx"
import { oneUser } from "../shared/one-user.ts"
import { accountState } from "../shared/states.ts"
import { openLogOf, openTreeOf, userSections } from "./user-sections.ts"

/** What of a user the form changes. */
const EDITED = ["username", "email", "email_verified", "locale", "timezone"] as const

const whoFields = (user: SeenUser): Field[] => [
  { label: shown`name`, value: show(user.username) },
  { label: shown`e-mail`, value: given(user.email, show) },
  user.email_verified_at === null
    ? { label: shown`verified`, value: user.email === null ? shown`` : shown`no`, tone: "look" }
    : { label: shown`verified`, value: shown`since ${when(user.email_verified_at)}` },
  { label: shown`id`, value: show(user.id) },
  { label: shown`locale`, value: given(user.locale, show) },
  { label: shown`time zone`, value: given(user.timezone, show) },
  { label: shown`last seen`, value: given(user.last_seen_at, when) },
  { label: shown`since`, value: when(user.created_at) },
]

const editOf = (user: UserDetail): EditParams => ({
  title: user.login ?? user.username,
  change: updateUser,
  input: { id: user.id },
  fields: EDITED,
  seen: userFields(user),
  notes: user.email_verified_at === null ? {} : { email_verified: `since ${day(user.email_verified_at)}` },
})

const isThere = ({ subject }: Opened<SeenUser>) => subject.status !== "deleted" || "a deleted user is changed no more"

/** Whether the address can be taken as verified, or why not. */
function canVerify(here: Opened<SeenUser>) {
  const { email, email_verified_at } = here.subject
  if (email_verified_at !== null) return "it is verified already"
  return email === null ? "they have no e-mail address" : isThere(here)
}

/** One user: who they are, what they did, and what can be done about them. */
export const userScreen = defineDetail<{ id: string }, SeenUser>({
  id: "user",
  title: "User",
  summary: "one user: who they are, what they did, and what can be done about them",
  argument: oneUser("user", id => ({ id })),
  source: reading(
    showUser,
    ({ id }) => ({ id }),
    answer => answer,
  ),
  command: { operation: showUser, given: ({ id }) => ({ id }) },
  name: user => [piece(show(user.login ?? user.username), "strong"), piece(shown`  `), accountState(user.status)],
  fields: whoFields,
  sections: userSections,
  bindings: defineBindings<Opened<SeenUser>>([
    {
      keys: ["S"],
      label: "suspend",
      changes: true,
      footer: true,
      help: "suspend: sessions end, invite codes go off",
      possible: here => (here.subject.status === "suspended" ? "they are suspended already" : isThere(here)),
      run: ({ subject, shell }) =>
        shell.push(changeDialog, {
          change: updateUser,
          input: { id: subject.id, status: "suspended" },
          options: ["revoke_keys"],
        }),
    },
    {
      keys: ["A"],
      label: "activate",
      changes: true,
      footer: true,
      help: "let a suspended user in again",
      possible: here => (here.subject.status === "active" ? "they are active already" : isThere(here)),
      run: ({ subject, shell }) =>
        shell.push(changeDialog, { change: updateUser, input: { id: subject.id, status: "active" } }),
    },
    {
      keys: ["e"],
      label: "edit",
      changes: true,
      footer: true,
      help: "name, e-mail, locale, time zone",
      possible: isThere,
      run: ({ subject, shell }) => shell.push(editScreen, editOf(subject)),
    },
    {
      keys: ["l"],
      label: "log",
      footer: true,
      help: "the live log of this user alone",
      run: ({ subject, shell }) => openLogOf(subject, shell),
    },
    {
      keys: ["t"],
      label: "tree",
      help: "whom this user invited, and who invited them",
      run: ({ subject, shell }) => openTreeOf(subject, shell),
    },
    {
      keys: ["K"],
      label: "revoke keys",
      changes: true,
      help: "revoke all API keys of this user",
      possible: isThere,
      run: ({ subject, shell }) =>
        shell.push(changeDialog, { change: updateUser, input: { id: subject.id, revoke_keys: true } }),
    },
    {
      keys: ["V"],
      label: "verify e-mail",
      changes: true,
      help: "take the e-mail address as verified",
      possible: canVerify,
      run: ({ subject, shell }) =>
        shell.push(changeDialog, {
          change: updateUser,
          input: { id: subject.id, email_verified: true },
          seen: { email: subject.email },
        }),
    },
    {
      keys: ["D"],
      label: "delete",
      changes: true,
      help: "delete this user, for good",
      possible: isThere,
      run: ({ subject, shell }) =>
        shell.push(changeDialog, { change: deleteUser, input: { id: subject.id }, options: ["revoke_keys"] }),
    },
  ]),
})
