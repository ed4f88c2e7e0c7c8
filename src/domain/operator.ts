/** A signed-in platform administrator (contract, section 1). */
export interface Operator {
  readonly userId: string
  readonly login: string | null
  readonly username: string
  readonly method: "api_key" | "password"
  /** The API key used to sign in; null after a password. */
  readonly apiKeyId: string | null
}
