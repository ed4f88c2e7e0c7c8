import { accessEnd, endedAccess } from "../../domain/user-patch.ts"
import { change } from "../change.ts"
import { defineChange } from "../operation.ts"
import { accessDues, duesIn } from "./access-debts.ts"
import { refuseToStop } from "./administrators.ts"
import { pauseAutomation } from "./pause-automation.ts"
import { endAccess, revokeKeys } from "./user-access.ts"
import { accessEnded } from "./user-audit.ts"
import { holdingsOf } from "./user-holdings.ts"
import { lockUser } from "./user-plan.ts"
import { previewOfAccessEnd } from "./user-previews.ts"
import { userDetailOf } from "./users.ts"

/**
 * Contract, section 2: `users end-access`, of a deleted user as well. Tokens that no row tells of may be in use, so it
 * always raises the time before which they are invalid, and always has something to write.
 */
export const endUserAccess = defineChange({
  words: ["users", "end-access"],
  writes: "api",
  summary: "end all access of a user, a deleted one as well",
  input: accessEnd,
  answer: endedAccess,
  preview: ({ postgres, operator, signal }, { id, pause_automation = false }) =>
    postgres.run(async db => {
      const user = await userDetailOf(db, id)
      await refuseToStop(db, operator, user)
      return previewOfAccessEnd(user, await holdingsOf(db, id), pause_automation)
    }, signal),
  run: (context, { id, pause_automation = false, reason }) =>
    change(context, async tx => {
      await lockUser(tx, context.operator, id)
      await refuseToStop(tx, context.operator, await userDetailOf(tx, id))
      const ended = await endAccess(tx, id)
      const keys = await revokeKeys(tx, id)
      const paused = pause_automation ? await pauseAutomation(tx, id) : undefined
      const dues = await accessDues(context, tx, id, { sessions: true, keys: true })
      const { scheduled_jobs, channels, heartbeats } = paused?.counts ?? NOTHING_PAUSED
      return {
        answer: {
          sessions: ended.sessions,
          keys,
          invite_codes: ended.codes,
          automation: scheduled_jobs + channels + heartbeats,
          ...{ scheduled_jobs, channels, heartbeats },
        },
        reason,
        audited: [accessEnded(id, { ended, keys, paused, dues })],
        owing: duesIn(dues),
      }
    }),
})

export const commands = [endUserAccess]

const NOTHING_PAUSED = { scheduled_jobs: 0, channels: 0, heartbeats: 0 }
