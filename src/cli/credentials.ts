import type { Config } from "../config.ts"
import type { Credentials } from "../domain/credentials.ts"
import { DeckError } from "../domain/errors.ts"
import type { Prompt } from "./prompt.ts"

/** Returns the credentials of the configuration; prompts for what is missing where there is a terminal. */
export async function credentialsFor(
  { credentials }: Config,
  { prompt, signal }: { readonly prompt: Prompt; readonly signal: AbortSignal },
): Promise<Credentials> {
  if (credentials && "apiKey" in credentials) return credentials
  const { login, password } = credentials ?? {}
  if (login !== undefined && password !== undefined) return { login, password }
  if (!prompt.answerable) throw notSignedIn(login)
  return {
    login: login ?? (await prompt.ask("login: ", { echo: true }, signal)),
    password: await prompt.ask("password: ", { echo: false }, signal),
  }
}

const notSignedIn = (login: string | undefined) =>
  new DeckError(
    "forbidden",
    login === undefined
      ? "not signed in: set OPSDECK_API_KEY, or give --api-key-file FILE, or --login NAME with OPSDECK_PASSWORD"
      : "not signed in: --login needs OPSDECK_PASSWORD without a terminal to prompt on",
  )
