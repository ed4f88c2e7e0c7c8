import { createInterface } from "node:readline/promises"
import { Writable } from "node:stream"
import type { Config } from "../config.ts"
import { DeckError } from "../domain/errors.ts"
import type { Credentials } from "../services/sign-in.ts"

/** Who signs in: as configured; what is missing is asked for where there is a terminal to ask on. */
export async function credentialsFor({ credentials }: Config, signal: AbortSignal): Promise<Credentials> {
  if (credentials && "apiKey" in credentials) return credentials
  const { login, password } = credentials ?? {}
  if (login !== undefined && password !== undefined) return { login, password }
  if (!process.stdin.isTTY || !process.stderr.isTTY) throw notSignedIn(login)
  return {
    login: login ?? (await ask("login: ", true, signal)),
    password: await ask("password: ", false, signal),
  }
}

const notSignedIn = (login: string | undefined) =>
  new DeckError(
    "forbidden",
    login === undefined
      ? "not signed in: set OPSDECK_API_KEY, or give --api-key-file FILE, or --login NAME with OPSDECK_PASSWORD"
      : "not signed in: --login needs OPSDECK_PASSWORD where there is no terminal to ask on",
  )

/** One line from the terminal. The question goes to standard error: standard output belongs to the answer. */
async function ask(question: string, echo: boolean, signal: AbortSignal): Promise<string> {
  process.stderr.write(question)
  const output = new Writable({
    write(chunk, _encoding, done) {
      if (echo) process.stderr.write(chunk)
      done()
    },
  })
  const terminal = createInterface({ input: process.stdin, output, terminal: true })
  // In raw mode Ctrl-C is a key, not a signal.
  terminal.on("SIGINT", () => process.kill(process.pid, "SIGINT"))
  try {
    return await terminal.question("", { signal })
  } finally {
    terminal.close()
    if (!echo) process.stderr.write("\n")
  }
}
