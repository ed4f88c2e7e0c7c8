export const STATUS_CLASSES = ["2xx", "3xx", "4xx", "5xx"] as const

/** 4xx is a refusal, 5xx an error: the platform failed. */
export type StatusClass = (typeof STATUS_CLASSES)[number]

/** Returns the index of a status in `STATUS_CLASSES`; -1 for none, and for one that ends no answer. */
export function statusClassAt(status: number | null): number {
  const at = Math.floor((status ?? 0) / 100) - 2
  return at >= 0 && at < STATUS_CLASSES.length ? at : -1
}

/** Returns the class of a status; undefined for none, and for one that ends no answer. */
export const statusClass = (status: number | null): StatusClass | undefined => STATUS_CLASSES[statusClassAt(status)]

export const REFUSED = STATUS_CLASSES.indexOf("4xx")
export const FAILED = STATUS_CLASSES.indexOf("5xx")
