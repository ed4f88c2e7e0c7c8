/**
 * Every operation of the contract that there is a command for, by the command's first word, and beside it the feed that
 * `--follow` runs instead. A command loads those of its own word alone.
 */
export const operations = {
  log: async () => {
    const { followLog, readLog } = await import("./access-log.ts")
    return [readLog, followLog]
  },
  dashboard: async () => {
    const { showDashboard } = await import("./dashboard/dashboard.ts")
    return [showDashboard]
  },
  users: async () => {
    const { listUsers, showUser } = await import("./users/users.ts")
    const { deleteUser, updateUser } = await import("./users/user-changes.ts")
    return [listUsers, showUser, updateUser, deleteUser]
  },
  runs: async () => {
    const { listRuns, showRun } = await import("./runs.ts")
    return [listRuns, showRun]
  },
  invites: async () => {
    const { listInviteCodes, showInviteCode } = await import("./invite-codes/invite-codes.ts")
    const { updateInviteCode } = await import("./invite-codes/invite-changes.ts")
    return [listInviteCodes, showInviteCode, updateInviteCode]
  },
  referrals: async () => {
    const { listReferrals } = await import("./referrals/referrals.ts")
    const { showReferralTree } = await import("./referrals/tree.ts")
    return [listReferrals, showReferralTree]
  },
  codes: async () => {
    const { listRedemptionCodes } = await import("./redemption/redemption-codes.ts")
    const { updateRedemptionCode } = await import("./redemption/redemption-changes.ts")
    const { createRedemptionCodes } = await import("./redemption/create-codes.ts")
    return [listRedemptionCodes, updateRedemptionCode, createRedemptionCodes]
  },
  audit: async () => {
    const { listAudit } = await import("./audit-list.ts")
    return [listAudit]
  },
  gateway: async () => {
    const { setGateway, showGateway } = await import("./gateway/gateway.ts")
    return [showGateway, setGateway]
  },
  email: async () => {
    const { setEmail, showEmailConfig, showEmailStatus, testEmail } = await import("./email/email.ts")
    return [showEmailStatus, showEmailConfig, setEmail, testEmail]
  },
  doctor: async () => {
    const { doctor } = await import("./doctor/doctor.ts")
    return [doctor]
  },
  whoami: async () => {
    const { whoami } = await import("./whoami.ts")
    return [whoami]
  },
  repair: async () => {
    const { repair } = await import("./repair.ts")
    return [repair]
  },
}
