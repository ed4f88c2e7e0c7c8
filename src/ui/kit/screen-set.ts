import type { DestinationScreens } from "./destinations.ts"
import type { Screen } from "./screen.ts"

/** The screens of the console. All but the first are loaded after the first frame. */
export interface ScreenSet {
  /** The one that the console opens with. */
  readonly first: Screen
  /** Those that have a tab, in the order of their tabs. */
  readonly screens: readonly Screen[]
  /** What rows and fields lead to; undefined until they are loaded, and keys wait for them. */
  readonly destinations: DestinationScreens | undefined
}
