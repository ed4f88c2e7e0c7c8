import { ValueStore } from "../../domain/store.ts"

/** Store of the time, updated every full second. Milliseconds since the epoch. */
export class Clock {
  readonly times = new ValueStore(Date.now())
  private timer: NodeJS.Timeout | undefined

  start(): void {
    this.timer = setTimeout(
      () => {
        this.times.set(Date.now())
        this.start()
      },
      1000 - (Date.now() % 1000),
    )
  }

  stop(): void {
    clearTimeout(this.timer)
  }
}
