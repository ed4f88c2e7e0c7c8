import { followLog, readLog } from "./access-log.ts"
import { listAudit } from "./audit-list.ts"
import { showDashboard } from "./dashboard/dashboard.ts"
import { setEmail, showEmailConfig, showEmailStatus, testEmail } from "./email.ts"
import { setGateway, showGateway } from "./gateway.ts"
import { updateInviteCode } from "./invite-codes/invite-changes.ts"
import { listInviteCodes, showInviteCode } from "./invite-codes/invite-codes.ts"
import { listReferrals } from "./referrals/referrals.ts"
import { showReferralTree } from "./referrals/tree.ts"
import { repair } from "./repair.ts"
import { listRuns, showRun } from "./runs.ts"
import { deleteUser, updateUser } from "./users/user-changes.ts"
import { listUsers, showUser } from "./users/users.ts"

/** Every operation of the contract that there is a command for. */
export const operations = [
  readLog,
  showDashboard,
  listUsers,
  showUser,
  updateUser,
  deleteUser,
  listRuns,
  showRun,
  listInviteCodes,
  showInviteCode,
  updateInviteCode,
  listReferrals,
  showReferralTree,
  listAudit,
  showGateway,
  setGateway,
  showEmailStatus,
  showEmailConfig,
  setEmail,
  testEmail,
  repair,
]

/** What a command's `--follow` runs. */
export const feeds = [followLog]
