import { getHeapSpaceStatistics, setFlagsFromString } from "node:v8"

/** Where new objects are made: above this it grows no more. Smaller, what a frame needs outlives it by accident. */
const NEW_SPACE_BYTES = 8 * 1024 * 1024
const LOOK_EVERY_MS = 250

/**
 * Keeps the console's heap near what is in use. A frame leaves a megabyte behind, ten times a second, and V8 by default
 * lets that grow to a third of the console's memory. Both flags only steer when the collector runs, and V8 reads them each
 * time it does. Before the first frame they would only slow down the loading of what it needs.
 */
export function keepHeapSmall(): void {
  setFlagsFromString("--heap-growing-percent=20")
  const look = setInterval(() => {
    if (newSpaceBytes() < NEW_SPACE_BYTES) return
    setFlagsFromString("--semi-space-growth-factor=1")
    clearInterval(look)
  }, LOOK_EVERY_MS)
  look.unref()
}

const newSpaceBytes = (): number =>
  getHeapSpaceStatistics().find(space => space.space_name === "new_space")?.space_size ?? 0
