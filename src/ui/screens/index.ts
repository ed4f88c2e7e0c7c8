import type { Screen } from "../screen/screen.ts"
import { logScreen } from "./log/log-screen.tsx"

/** The screens that have a tab, in the order of their keys. */
export const screens: readonly Screen[] = [logScreen]
