import { describe, expect, test } from "vitest"
import { destinations, screens } from "../../../src/ui/screens/index.ts"
import { keyScopes } from "../docs/keys.ts"
import { LETTERS } from "../docs/letters.ts"

test("a letter means one thing on every screen: each key on it is one of the table's", () => {
  const strangers = keyScopes().flatMap(({ title, bindings }) =>
    bindings.flatMap(({ keys, label }) =>
      keys
        .filter(key => /^[a-zA-Z]$/.test(key) && !LETTERS[key]?.slice(1).includes(label))
        .map(key => `${key}: ${label} (${title})`),
    ),
  )
  expect(strangers).toEqual([])
})

describe("d describes", () => {
  const all = [...screens, ...Object.values(destinations)]
  // The tree opens branches with Enter, the gateway edits, and a request or an event is the end of the way.
  const own = ["referral-tree", "gateway", "threshold", "entry", "run-event"]

  test.each(all.filter(({ id }) => !own.includes(id)).map(screen => [screen.id, screen] as const))(
    "as Enter does: %s",
    (_, { bindings }) => {
      const opens = bindings.filter(({ keys, inField }) => keys.includes("enter") && inField !== true)
      expect(opens.map(({ keys }) => keys.includes("d"))).toEqual([true])
    },
  )

  test("and changes nothing anywhere", () => {
    const onD = keyScopes().flatMap(({ bindings }) => bindings.filter(({ keys }) => keys.includes("d")))
    expect(onD.filter(({ changes, label }) => changes === true || /delete|end|drop/.test(label))).toEqual([])
  })
})
