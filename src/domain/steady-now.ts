/**
 * Milliseconds since the epoch as they were when the program began, and evenly from then on: for what measures how long
 * something takes or lasts, since the host's clock may be set meanwhile. The same in every thread.
 */
export const steadyNow = (): number => performance.timeOrigin + performance.now()
