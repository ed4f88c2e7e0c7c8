import { followLog, readLog } from "./access-log.ts"
import { listUsers, showUser } from "./users.ts"

/** Every operation of the contract that there is a command for. */
export const operations = [readLog, listUsers, showUser]

/** What a command's `--follow` runs. */
export const feeds = [followLog]
