/** What requests are counted and pivoted by, in the order in which it is shown. */
export const DIMENSION_KEYS = ["ip", "network", "user", "route", "country", "ua", "status"] as const
export type DimensionKey = (typeof DIMENSION_KEYS)[number]
