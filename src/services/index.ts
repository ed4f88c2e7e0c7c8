import { type AnyOperation, commandOf } from "./operation.ts"

/** Modules by the first word of their commands, in the order of the help; `commands` includes feeds of `--follow`. */
const MODULES: Readonly<Record<string, () => Promise<{ readonly commands: readonly unknown[] }>[]>> = {
  log: () => [import("./access-log.ts"), import("./log-counts/log-counts.ts")],
  dashboard: () => [import("./dashboard/dashboard.ts")],
  users: () => [import("./users/users.ts"), import("./users/user-changes.ts"), import("./users/end-access.ts")],
  runs: () => [
    import("./runs/runs.ts"),
    import("./runs/run-users.ts"),
    import("./runs/show-run.ts"),
    import("./runs/run-events.ts"),
    import("./runs/run-messages.ts"),
    import("./runs/cancel-runs.ts"),
  ],
  invites: () => [import("./invite-codes/invite-codes.ts"), import("./invite-codes/invite-changes.ts")],
  referrals: () => [import("./referrals/referrals.ts"), import("./referrals/tree.ts")],
  codes: () => [
    import("./redemption/redemption-codes.ts"),
    import("./redemption/redemption-changes.ts"),
    import("./redemption/create-codes.ts"),
  ],
  audit: () => [import("./audit-log.ts")],
  gateway: () => [
    import("./gateway/gateway.ts"),
    import("./gateway/gateway-changes.ts"),
    import("./gateway/hold.ts"),
    import("./gateway/holds.ts"),
  ],
  incident: () => [
    import("./incidents/incidents.ts"),
    import("./incidents/show-incident.ts"),
    import("./incidents/correct-incident.ts"),
  ],
  email: () => [import("./email/email.ts"), import("./email/email-test.ts")],
  credits: () => [import("./credits.ts")],
  registration: () => [import("./registration.ts")],
  watch: () => [import("./watch/watch.ts")],
  queue: () => [import("./queue.ts")],
  doctor: () => [import("./doctor/doctor.ts")],
  whoami: () => [import("./whoami.ts")],
  repair: () => [import("./repair.ts")],
}

/** Loads the operations as run by commands: those whose commands begin with `first`, and no other modules, or all. */
export async function commandOperations(first?: string): Promise<readonly AnyOperation[]> {
  const modules = Object.entries(MODULES).filter(([word]) => first === undefined || word === first)
  const loaded = await Promise.all(modules.flatMap(([, load]) => load()))
  const declared = loaded.flatMap(({ commands }) => commands as readonly AnyOperation[])
  return declared.map(operation => (operation.kind === "read" ? commandOf(operation) : operation))
}
