import { DeckError } from "../../domain/errors.ts"
import { holdAtGateway } from "../../services/gateway/hold.ts"
import { holdNetworks } from "../../services/gateway/hold-networks.ts"
import type { Change } from "../../services/operation.ts"
import type { DestinationScreens, LogChanges } from "../kit/destinations.ts"
import type { Screen } from "../kit/screen.ts"
import { auditEntryScreen } from "./audit/audit-entry-detail.tsx"
import { auditOfScreen, auditScreen } from "./audit/audit-list.tsx"
import { redemptionCodeScreen } from "./codes/code-detail.tsx"
import { codesOfScreen, codesScreen } from "./codes/codes-list.tsx"
import { dashboardScreen } from "./dashboard/dashboard-screen.tsx"
import { emailScreen } from "./email/email-detail.tsx"
import { gatewayScreen, thresholdScreen } from "./gateway/gateway-screen.tsx"
import { holdsScreen } from "./holds/holds-list.tsx"
import { incidentScreen } from "./incidents/incident-screen.tsx"
import { incidentsScreen } from "./incidents/incidents-list.tsx"
import { inviteScreen } from "./invites/invite-detail.tsx"
import { invitesScreen } from "./invites/invites-list.tsx"
import { changesScreen } from "./log/changes/changes-screen.tsx"
import { entryScreen } from "./log/entry-screen.tsx"
import { filteredLogScreen, logScreen } from "./log/log-screen.tsx"
import { orgScreen } from "./orgs/org-detail.tsx"
import { queueScreen } from "./queue/queue-screen.tsx"
import { referralsOfScreen, referralsScreen } from "./referrals/referrals-list.ts"
import { referralTreeScreen } from "./referrals/tree-screen.tsx"
import { registrationScreen } from "./registration/registration-screen.tsx"
import { runScreen } from "./runs/run-detail.tsx"
import { runEventScreen } from "./runs/run-event.tsx"
import { runMessagesScreen } from "./runs/run-messages.tsx"
import { runUsersScreen } from "./runs/run-users.tsx"
import { runsOfScreen, runsScreen } from "./runs/runs-list.tsx"
import { runTreeScreen } from "./runs/tree-screen.tsx"
import { cancelOfUser } from "./shared/run-changes.ts"
import { suspension } from "./shared/suspend.ts"
import { userScreen } from "./users/user-detail.tsx"
import { usersOfScreen, usersScreen } from "./users/users-list.tsx"

/** Screens with a tab, in the order of their keys. */
export const screens: readonly Screen[] = [
  logScreen,
  dashboardScreen,
  usersScreen,
  runsScreen,
  invitesScreen,
  referralsScreen,
  codesScreen,
  emailScreen,
  gatewayScreen,
  auditScreen,
]

/** Screens that rows and fields lead to. */
export const destinations: DestinationScreens = {
  entry: entryScreen,
  logOf: filteredLogScreen,
  changes: changesScreen,
  threshold: thresholdScreen,
  user: userScreen,
  usersOf: usersOfScreen,
  org: orgScreen,
  inviteCode: inviteScreen,
  redemptionCode: redemptionCodeScreen,
  codesOf: codesOfScreen,
  run: runScreen,
  runMessages: runMessagesScreen,
  runsOf: runsOfScreen,
  runUsers: runUsersScreen,
  runTree: runTreeScreen,
  runEvent: runEventScreen,
  referralsOf: referralsOfScreen,
  referralTree: referralTreeScreen,
  auditOf: auditOfScreen,
  auditEntry: auditEntryScreen,
  holds: holdsScreen,
  incidents: incidentsScreen,
  incident: incidentScreen,
  queue: queueScreen,
  registration: registrationScreen,
}

/** Changes that the log leads to. */
export const changes: LogChanges = {
  suspendUser: suspension,
  cancelRunsOfUser: cancelOfUser,
  holdAtGateway: holdAtGateway as unknown as Change,
  holdNetworks: holdNetworks as unknown as Change,
}

/** Returns a screen with a tab; throws DeckError `usage` for another id. */
export function screenById(id: string): Screen {
  const found = screens.find(screen => screen.id === id)
  if (found) return found
  throw new DeckError("usage", `--screen takes one of: ${screens.map(screen => screen.id).join(", ")}`, {
    field: "screen",
  })
}
