/** The gateway's stream of requests, one entry each (contract, section 4). Deployments may give it another name. */
export const ACCESS_LOG = "arkloop:gateway:access_log"

/** The gateway's copy of its settings, one JSON object (contract, section 4). */
export const GATEWAY_CONFIG = "arkloop:gateway:config"

/** The API's cache of one platform setting (contract, section 4). */
export const settingCacheKey = (setting: string) => `arkloop:config:v1:platform:${setting}`

/** Time (microseconds) before which access tokens of the user are invalid (contract, section 4). */
export const tokenMarkKey = (userId: string) => `arkloop:auth:tokens_invalid_before:${userId}`

/** The cache of one API key, by its SHA-256 in hex, for 5 minutes from when it was made (contract, section 4). */
export const apiKeyCacheKey = (hash: string) => `arkloop:api_keys:${hash}`

/** The API's cache of one feature flag, `1` or `0` (contract, section 4). */
export const featureCacheKey = (flag: string) => `arkloop:feat:global:${flag}`

/** A worker's sign of life (contract, section 4). */
export const workerKey = (workerId: string) => `arkloop:worker:${workerId}`

/** The platform's count of an organization's runs that are under way; it expires a day after the last of them. */
export const activeRunsKey = (orgId: string) => `arkloop:account:active_runs:${orgId}`

/** The gateway's bucket of tokens of an address, or of an organization by its id (contract, section 4). */
export const bucketKey = (type: "address" | "organization", id: string) =>
  `arkloop:ratelimit:${type === "address" ? "ip" : "account"}:${id}`
