/** Where opsdeck works, and what stands between its operator and a change there, beside their permission. */
export interface Environment {
  /** The environment's name, as operators know it. */
  readonly name: string
  readonly profile?: string | undefined
  /** Why nothing may be changed now, and the remedy; undefined where something may. */
  readonly readOnly?: string | undefined
  /** Resolves once a change may go on; throws DeckError, and then nothing was changed. */
  admit?(): Promise<void>
}

/** For what is in no environment with a name, where nothing stands in the way. */
export const NO_ENVIRONMENT: Environment = { name: "" }
