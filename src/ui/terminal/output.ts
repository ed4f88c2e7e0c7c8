import { writeSync } from "node:fs"
import type { Config } from "../../config.ts"
import { FrameOutput } from "./frame-output.ts"
import { inkStdout } from "./ink-stdout.ts"
import { reportMouse } from "./mouse.ts"
import type { OutputStep } from "./output-step.ts"
import { leaveRowsToInk } from "./row-output.ts"
import { ENDING } from "./skeleton.ts"
import { type TerminalFile, UnhurriedWriter } from "./unhurried.ts"

/** The console's way to its terminal. */
export interface Output {
  /** For Ink, and for whoever writes what is no frame: each write waits for its turn. */
  readonly stdout: NodeJS.WriteStream
  close(): void
}

/** Opens the way from Ink to the terminal: as frames unless `plainOutput` leaves them to Ink, with the mouse if asked for. */
export function openOutput({ plainOutput, mouse }: Pick<Config, "plainOutput" | "mouse">): Output {
  const { stdout, stderr } = process
  if (plainOutput) leaveRowsToInk()
  const last = plainOutput
    ? { write: (chunk: string) => void stdout.write(chunk), end: () => {} }
    : frames(stdout, stderr)
  const first = mouse ? reportMouse(last) : last
  return { stdout: inkStdout(stdout, chunk => first.write(chunk)), close: () => first.end() }
}

type TerminalStream = NodeJS.WriteStream & { fd: number }

/**
 * Draws what is written as frames on `stdout`. Nothing waits for a terminal that is stuck: not on `stderr` either, where the
 * package restore-cursor shows the cursor again at the very end.
 */
function frames(stdout: TerminalStream, stderr: TerminalStream): OutputStep {
  const output = new FrameOutput(fileOf(stdout))
  const errors = new UnhurriedWriter(fileOf(stderr))
  if (stderr.isTTY) writeThrough(stderr, errors)
  const refresh = () => output.refresh()
  // Before Ink hears of it: its next frame is drawn whole. Back at the size it had, a terminal may have lost rows all the same.
  process.prependListener("SIGWINCH", refresh)
  // Ink ends the program by a signal that nobody else listens to: raised again, it is that, whoever heard of it first.
  const hasten = (signal: NodeJS.Signals) => {
    output.hasten()
    errors.hasten()
    process.kill(process.pid, signal)
  }
  for (const signal of ENDING) process.once(signal, hasten)
  return {
    write: chunk => output.take(chunk, stdout),
    end: () => {
      errors.hasten()
      process.off("SIGWINCH", refresh)
      for (const signal of ENDING) process.off(signal, hasten)
    },
  }
}

/** From now on `writer` writes what is written to `stderr`: its writers are not ours to be given another stream. */
function writeThrough(stderr: TerminalStream, writer: UnhurriedWriter): void {
  const write = stderr.write
  stderr.write = ((chunk: string | Uint8Array, ...rest: never[]) => {
    writer.insist(typeof chunk === "string" ? chunk : Buffer.from(chunk).toString())
    // Whoever waits to be called back is.
    return write.call(stderr, "", ...rest)
  }) as typeof write
}

/** `offer` makes the terminal non-blocking for its own write alone; all else that writes there finds it as Node set it. */
function fileOf(stream: TerminalStream): TerminalFile {
  const { _handle: handle } = stream as { _handle?: { setBlocking?(blocking: boolean): void } }
  const write = stream.write.bind(stream)
  return {
    offer: bytes => {
      handle?.setBlocking?.(false)
      try {
        return writeSync(stream.fd, bytes)
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code === "EAGAIN") return 0
        // The stream meets the same error, and says so to whom it concerns.
        write(bytes)
        return bytes.length
      } finally {
        handle?.setBlocking?.(true)
      }
    },
  }
}
