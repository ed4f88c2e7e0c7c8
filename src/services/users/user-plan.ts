import type { Kysely } from "kysely"
import type { Tables } from "../../adapters/postgres/tables.ts"
import { DeckError } from "../../domain/errors.ts"
import type { Operator } from "../../domain/operator.ts"
import type { UserDetail } from "../../domain/user.ts"
import type { UserUpdate } from "../../domain/user-patch.ts"
import { authorizeWithin } from "../permission.ts"
import { refuseToStop } from "./administrators.ts"
import { type ProfileChange, profileChange } from "./user-profile.ts"
import { userDetailOf } from "./users.ts"

/** Effective changes of an update, without values that are the same already. */
export interface UpdatePlan {
  readonly user: UserDetail
  /** The status asked for, whether it is so already or not. */
  readonly asked: UserUpdate["status"]
  readonly status: UserUpdate["status"]
  readonly profile: ProfileChange
  readonly revokesKeys: boolean
  readonly pausesAutomation: boolean
  readonly cancelsRuns: boolean
}

/** Plans an update. Throws DeckError "conflict" for what the rules of the contract's section 5 forbid. */
export async function planOf(db: Kysely<Tables>, operator: Operator, user: UserDetail, input: UserUpdate) {
  const status = input.status === user.status ? undefined : input.status
  if (status === "suspended") await refuseToStop(db, operator, user)
  const profile = await profileChange(db, user, input)
  return {
    user,
    asked: input.status,
    status,
    profile,
    revokesKeys: input.revoke_keys ?? false,
    pausesAutomation: input.pause_automation ?? false,
    cancelsRuns: input.cancel_runs ?? false,
  } satisfies UpdatePlan
}

/** Reads the user of `id` for a change. Throws DeckError "not_found", and "conflict" for a deleted user. */
export async function userToChange(db: Kysely<Tables>, id: string): Promise<UserDetail> {
  const user = await userDetailOf(db, id)
  if (user.status !== "deleted") return user
  throw deletedAlready(user)
}

/** What is said of a change of a user who is deleted. */
export function deletedAlready({ id, username }: UserDetail): DeckError {
  const remedy = `what access they have left is ended by opsdeck users end-access ${id}`
  return new DeckError("conflict", `${username} is deleted: deleted users cannot be changed; ${remedy}`)
}

/** Locks the user. Throws DeckError "forbidden" where the operator lost the permission while waiting. */
export async function lockUser(tx: Kysely<Tables>, operator: Operator, id: string): Promise<void> {
  await tx.selectFrom("users").select("id").where("id", "=", id).forUpdate().execute()
  await authorizeWithin(tx, operator)
}

/** Locks and reads the user of `id` for a change. Throws as `lockUser` and `userToChange`. */
export async function lockUserToChange(tx: Kysely<Tables>, operator: Operator, id: string): Promise<UserDetail> {
  await lockUser(tx, operator, id)
  return userToChange(tx, id)
}
