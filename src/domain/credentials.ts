/** Credentials of an operator. `login` may be the e-mail address as well (contract, section 1). */
export type Credentials = { apiKey: string } | { login: string; password: string }
