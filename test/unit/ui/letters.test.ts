import { expect, test } from "vitest"
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
