import { show, shown } from "../../../domain/safe-text.ts"
import type { SeenUser, UserDetail } from "../../../domain/user.ts"
import { userFields } from "../../../domain/user-patch.ts"
import { updateUser } from "../../../services/users/user-changes.ts"
import { showUser } from "../../../services/users/users.ts"
import { changeBinding } from "../../kit/change/record-change.ts"
import { defineDetail } from "../../kit/detail/detail.tsx"
import { type Field, given } from "../../kit/detail/detail-fields.ts"
import { reading } from "../../kit/detail/detail-section.ts"
import { type EditParams, editBinding } from "../../kit/form/edit.tsx"
import { dateTime, dateTimeFromNow, day } from "../../widgets/format.ts"
import { piece } from "../../widgets/line.tsx"
import { oneUser } from "../shared/one-user.ts"
import { cancelOfUser } from "../shared/run-changes.ts"
import { accountState } from "../shared/states.ts"
import { isThere, suspend } from "../shared/suspend.ts"
import { creditsKey } from "./credits-key.ts"
import { activate, endAccess, rareChanges } from "./user-changes.ts"
import { openLogOf, openTreeOf, userSections } from "./user-sections.ts"

const EDITED = ["username", "email", "email_verified", "locale", "timezone"] as const

const whoFields = (user: SeenUser): Field[] => [
  { label: shown`name`, value: show(user.username) },
  { label: shown`e-mail`, value: given(user.email, show) },
  user.email_verified_at === null
    ? { label: shown`verified`, value: user.email === null ? shown`` : shown`no`, tone: "look" }
    : { label: shown`verified`, value: shown`since ${dateTime(user.email_verified_at)}` },
  { label: shown`id`, value: show(user.id) },
  { label: shown`locale`, value: given(user.locale, show) },
  { label: shown`time zone`, value: given(user.timezone, show) },
  // The newest of logins and renewed sessions: requests are in the log alone.
  { label: shown`last session`, value: given(user.last_seen_at, time => dateTimeFromNow(time)) },
  { label: shown`last login`, value: given(user.last_login_at, time => dateTimeFromNow(time)) },
  { label: shown`since`, value: dateTimeFromNow(user.created_at) },
]

const editOf = (user: UserDetail): EditParams => ({
  title: user.login ?? user.username,
  change: updateUser,
  input: { id: user.id },
  fields: EDITED,
  seen: userFields(user),
  notes: user.email_verified_at === null ? {} : { email_verified: `since ${day(user.email_verified_at)}` },
})

/** Screen of one user. */
export const userScreen = defineDetail<{ id: string }, SeenUser>({
  id: "user",
  title: "User",
  summary: "one user: profile, activity, and what can be done",
  argument: oneUser("user", id => ({ id })),
  source: reading(showUser, ({ id }) => ({ id })),
  command: { operation: showUser, given: ({ id }) => ({ id }) },
  name: user => [piece(show(user.login ?? user.username), "strong"), piece(shown`  `), accountState(user.status)],
  fields: whoFields,
  sections: userSections,
  bindings: [
    changeBinding(suspend),
    changeBinding(activate),
    changeBinding(cancelOfUser),
    editBinding("name, e-mail, locale, time zone", editOf, isThere),
    {
      keys: ["w"],
      label: "log",
      footer: true,
      help: "the live log of this user alone",
      run: ({ subject, shell }) => openLogOf(subject, shell),
    },
    {
      keys: ["r"],
      label: "tree",
      help: "whom this user invited, and who invited them",
      run: ({ subject, shell }) => openTreeOf(subject, shell),
    },
    changeBinding(endAccess),
    ...rareChanges.map(changeBinding),
    creditsKey,
  ],
})
