/** Entries that were added but can no longer be read. */
export interface Gap {
  /**
   * Number of lost entries, or the least that it can be; 0 where nothing is known of it (before Redis 7, where reading began
   * midway, or in a failover).
   */
  readonly lost: number
  /** Id of the last entry before the loss, and of the first after it. */
  readonly from: string
  readonly to: string
  /** False when single entries were deleted, in a failover, or when only the possibility of a loss is known. */
  readonly exact: boolean
  /** A replica took the primary's place: what it had not got by then is lost, and nobody counted it. */
  readonly failover?: true
}

/** Result of one look at the stream, in this order. */
export interface Finding {
  /** The stream was deleted and made anew. */
  readonly reset: boolean
  readonly gap: Gap | undefined
}
