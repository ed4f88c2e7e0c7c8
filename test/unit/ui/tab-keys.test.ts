import { expect, test } from "vitest"
import { EVERYWHERE } from "../../../src/ui/keys/key-map.ts"
import { destinations, screens } from "../../../src/ui/screens/index.ts"
import { scopesOf } from "../../../src/ui/shell/global-bindings.ts"

const scopes = [...scopesOf(screens, destinations)]

test.each(scopes.filter(([scope]) => scope !== EVERYWHERE))("no key of %s hides a tab", (_, bindings) => {
  const keys = new Set(bindings.flatMap(binding => binding.keys as readonly string[]))
  expect(screens.filter(({ tabKey }) => tabKey !== undefined && keys.has(tabKey))).toEqual([])
})
