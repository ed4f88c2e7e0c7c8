/** Source of a setting; the smaller `rank` wins. */
interface Origin {
  readonly rank: 0 | 1 | 2
  readonly label: string
}

/** Where each setting comes from, by its name. */
export type Origins = Partial<Record<string, Origin>>

/** Names a setting as whoever gave it knows it. */
export const labelOf = (name: string, origins: Origins): string => origins[name]?.label ?? name
