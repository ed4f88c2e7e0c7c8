import { writeSync } from "node:fs"
import type { Config } from "../../config.ts"
import { standardError } from "../../standard-error.ts"
import { ENTER_ALTERNATE, eraseRows, LEAVE_ALTERNATE } from "./alternate-screen.ts"
import { FrameOutput } from "./frame-output.ts"
import { END_FRAME } from "./frame-writer.ts"
import { inkStdout } from "./ink-stdout.ts"
import { reportMouse } from "./mouse.ts"
import { NonBlockingWriter, type TerminalFile } from "./non-blocking-writer.ts"
import type { OutputStep } from "./output-step.ts"
import { leaveRowsToInk } from "./row-output.ts"
import { ENDING } from "./skeleton.ts"
import { watchSize } from "./window-size.ts"

/** The console's output to its terminal. */
export interface Output {
  /** Stream for Ink, and for other output between frames: writes wait for their turn. */
  readonly stdout: NodeJS.WriteStream
  /** Calls `done` once the terminal has taken a frame that Ink makes after this call. */
  whenDrawn(done: () => void): void
  /** Has the terminal scroll part of its columns from now on: it has left and right margins. */
  allowMargins(): void
  close(): void
}

/** Opens the output: as frames unless `plainOutput` leaves them to Ink, with the mouse if requested. */
export function openOutput({ plainOutput, mouse }: Pick<Config, "plainOutput" | "mouse">): Output {
  const { stdout } = process
  if (plainOutput) leaveRowsToInk()
  const last = plainOutput ? asItIs(stdout) : frames(stdout, standardError)
  const first = mouse ? reportMouse(last) : last
  const watchNoMore = watchSize(stdout as unknown as Parameters<typeof watchSize>[0])
  return {
    stdout: inkStdout(stdout, chunk => first.write(chunk)),
    whenDrawn: done => last.whenDrawn(done),
    allowMargins: () => last.allowMargins(),
    close: () => {
      watchNoMore()
      first.end()
    },
  }
}

/** Last step, which knows what the terminal has taken. */
type LastStep = OutputStep & Pick<Output, "whenDrawn" | "allowMargins">

/** Ink's own drawing, which begins at the cursor: the skeleton has moved it. */
function asItIs(stdout: NodeJS.WriteStream): LastStep {
  let waiting: (() => void)[] = []
  return {
    write: chunk => {
      const erase = chunk === ENTER_ALTERNATE || chunk === LEAVE_ALTERNATE ? eraseRows(stdout.rows) : ""
      stdout.write(chunk === LEAVE_ALTERNATE ? erase + chunk : chunk + erase)
      if (chunk !== END_FRAME) return
      const drawn = waiting
      waiting = []
      for (const done of drawn) done()
    },
    whenDrawn: done => void waiting.push(done),
    allowMargins: () => {},
    end: () => {},
  }
}

type TerminalStream = NodeJS.WriteStream & { fd: number }

/**
 * Draws what is written as frames on `stdout`. Nothing waits for a stuck terminal, not even on `stderr`, where the
 * package restore-cursor shows the cursor again at the very end.
 */
function frames(stdout: TerminalStream, stderr: TerminalStream): LastStep {
  const output = new FrameOutput(fileOf(stdout))
  const errors = new NonBlockingWriter(fileOf(stderr))
  if (stderr.isTTY) writeThrough(stderr, errors)
  const refresh = () => output.refresh()
  // Before Ink's own listener: its next frame is drawn completely. Even at its old size, a terminal may have lost rows.
  process.prependListener("SIGWINCH", refresh)
  // Ink ends the program by a signal that has no other listener: it is raised again, so the order of listeners does not
  // matter.
  const endSoon = (signal: NodeJS.Signals) => {
    output.endSoon()
    errors.endSoon()
    process.kill(process.pid, signal)
  }
  for (const signal of ENDING) process.once(signal, endSoon)
  return {
    write: chunk => output.take(chunk, stdout),
    whenDrawn: done => output.whenDrawn(done),
    allowMargins: () => output.allowMargins(),
    end: () => {
      errors.endSoon()
      process.off("SIGWINCH", refresh)
      for (const signal of ENDING) process.off(signal, endSoon)
    },
  }
}

/** Passes writes to `stderr` to `writer`: whoever writes to it knows nothing of the console. */
function writeThrough(stderr: TerminalStream, writer: NonBlockingWriter): void {
  const write = stderr.write
  stderr.write = ((chunk: string | Uint8Array, ...rest: never[]) => {
    writer.writeSync(typeof chunk === "string" ? chunk : Buffer.from(chunk).toString())
    // Callbacks of the write are called.
    return write.call(stderr, "", ...rest)
  }) as typeof write
}

/** `offer` makes the terminal non-blocking for its own write alone; other writers find it as Node set it. */
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
        // The stream meets the same error, and reports it to its listeners.
        write(bytes)
        return bytes.length
      } finally {
        handle?.setBlocking?.(true)
      }
    },
  }
}
