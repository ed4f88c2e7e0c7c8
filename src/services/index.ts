import { followLog, readLog } from "./access-log.ts"
import { listAudit } from "./audit-list.ts"
import { showDashboard } from "./dashboard.ts"
import { listRuns, showRun } from "./runs.ts"
import { listUsers, showUser } from "./users.ts"

/** Every operation of the contract that there is a command for. */
export const operations = [readLog, showDashboard, listUsers, showUser, listRuns, showRun, listAudit]

/** What a command's `--follow` runs. */
export const feeds = [followLog]
