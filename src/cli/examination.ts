import { WriteStream } from "node:tty"
import type { Config } from "../config.ts"
import { toJson } from "../domain/json.ts"
import { show } from "../domain/safe-text.ts"
import type { Examination, Host } from "../services/operation.ts"
import { openPlatform } from "../services/platform.ts"
import { credentialsFor } from "./credentials.ts"
import type { Output } from "./output.ts"

/** Makes `examination` and prints what it found. Throws DeckError, the answer printed, for what it found to have failed. */
export async function runExamination(
  examination: Examination,
  input: unknown,
  config: Config,
  { json, output, signal }: { json: boolean; output: Output; signal: AbortSignal },
): Promise<void> {
  const platform = openPlatform(config)
  try {
    const credentials = () => credentialsFor(config, signal)
    const context = { ...platform, config, credentials, host: hostHere(), signal }
    const { answer, failure } = await examination.run(context, examination.input.parse(input))
    await output.write(
      json
        ? `${toJson(answer)}\n`
        : examination
            .lines(answer)
            .map(line => `${show(line)}\n`)
            .join(""),
    )
    if (failure !== undefined) throw failure
  } finally {
    await platform.close()
  }
}

function hostHere(): Host {
  const stream = [process.stdout, process.stderr].find(stream => stream instanceof WriteStream)
  const terminal = stream && { columns: stream.columns, rows: stream.rows, colourBits: stream.getColorDepth() }
  return { env: process.env, terminal }
}
