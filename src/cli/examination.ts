import { WriteStream } from "node:tty"
import { colourBits } from "../config/console-terminal.ts"
import type { Config } from "../config.ts"
import { toJson } from "../domain/json.ts"
import { show } from "../domain/safe-text.ts"
import type { Examination, Host } from "../services/operation.ts"
import { openPlatform } from "../services/platform.ts"
import type { CommandProcess } from "./command-process.ts"
import { credentialsFor } from "./credentials.ts"
import type { Output } from "./output.ts"
import type { Prompt } from "./prompt.ts"

/** Runs `examination` and prints its findings. Throws DeckError, with the answer printed, when a check failed. */
export async function runExamination(
  examination: Examination,
  input: unknown,
  config: Config,
  options: { json: boolean; process: CommandProcess; prompt: Prompt; output: Output; signal: AbortSignal },
): Promise<void> {
  const { json, output, signal } = options
  const platform = openPlatform(config)
  try {
    const credentials = () => credentialsFor(config, options)
    const context = { ...platform, config, credentials, host: hostOf(options.process), signal }
    const { answer, failure } = await examination.run(context, examination.input.parse(input))
    await output.write(
      json
        ? `${toJson(answer)}\n`
        : examination
            .lines(answer, output.terminal ? context.host.terminal?.columns : undefined)
            .map(line => `${show(line)}\n`)
            .join(""),
    )
    if (failure !== undefined) throw failure
  } finally {
    await platform.close()
  }
}

function hostOf({ env, stdout, stderr }: CommandProcess): Host {
  const stream = [stdout, stderr].find(stream => stream instanceof WriteStream)
  const terminal = stream && { columns: stream.columns, rows: stream.rows, colourBits: colourBits(stream, env) }
  return { env, terminal }
}
