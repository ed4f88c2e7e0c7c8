/** Somebody who was found to be a platform administrator (contract, section 1). */
export interface Operator {
  readonly userId: string
  readonly login: string | null
  readonly username: string
  readonly method: "api_key" | "password"
  /** The key signed in with; null after a password. */
  readonly apiKeyId: string | null
}
