import { type Binding, type BoundKey, bindInGeneral } from "../keys/binding.ts"
import type { KeyMap } from "../keys/key-map.ts"
import type { Shell } from "../kit/shell.ts"

/** Keys below a title. */
interface HelpSection {
  readonly title: string
  readonly keys: readonly BoundKey[]
}

/** Keys of the screen: its own first, then those of its other pane and of what is opened from it; and those of others. */
export interface HelpSections {
  readonly own: readonly HelpSection[]
  readonly elsewhere: readonly HelpSection[]
}

/** Sorts the keys that the help lists, each where it comes first. */
export function helpSections(
  { screen, scope, keys, everywhere }: ReturnType<Shell["below"]>,
  keyMap: KeyMap,
): HelpSections {
  const said = new Set<string>()
  const textOf = ({ name, keys }: BoundKey) => `${keys[0]} ${name}`
  const unsaid = (key: BoundKey) => !said.has(textOf(key)) && said.add(textOf(key))
  const inGeneral = (scope: string, bindings: readonly Binding<never>[]) =>
    keyMap.apply(scope, bindInGeneral(bindings)).filter(key => !key.inField && !key.common && unsaid(key))
  const here = keys.filter(({ possible }) => possible !== false)
  const own = here.filter(key => !key.common)
  for (const key of own) said.add(textOf(key))
  const { pane, inside = [] } = screen
  const inPane = pane !== undefined && scope === pane.scope
  const other = inPane ? screen : pane
  return {
    own: [
      { title: inPane ? pane.title : "On this screen", keys: own },
      ...(other ? [{ title: other.title, keys: inGeneral(other.scope, other.bindings) }] : []),
      ...inside.map(({ title, scope, bindings }) => ({
        title: `${title}, opened from here`,
        keys: inGeneral(scope, bindings),
      })),
    ],
    elsewhere: [
      { title: "As on other screens", keys: here.filter(({ common }) => common) },
      { title: "Everywhere", keys: everywhere.filter(({ possible }) => possible !== false) },
    ],
  }
}
