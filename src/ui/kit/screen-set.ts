import type { DestinationScreens } from "./destinations.ts"
import type { Screen } from "./screen.ts"

/** Screens of the console. All but the first are loaded after the first frame. */
export interface ScreenSet {
  /** Screen that the console starts with. */
  readonly first: Screen
  /** Screens with a tab, in order. */
  readonly screens: readonly Screen[]
  /** Screens that rows and fields lead to; undefined until loaded, and keys wait for them. */
  readonly destinations: DestinationScreens | undefined
}
