import { DeckError } from "../../../domain/errors.ts"
import { findUsers } from "../../../services/users/user-names.ts"
import type { Argument } from "../../kit/screen.ts"

/** Makes the palette's argument that names a user; `params` converts the id. */
export const oneUser = <Params>(behind: string, params: (id: string) => Params): Argument<Params> => ({
  behind,
  expects: "a login, name, e-mail address or id",
  choices: [],
  read: async (text, deck, signal) => {
    const found = await deck.run(findUsers, { terms: [text] }, { signal })
    const [id, ...others] = found.get(text) ?? []
    if (id === undefined || others.length > 0) {
      throw new DeckError("invalid", `${others.length + 1} users match ${text}: search for them on Users`)
    }
    return params(id)
  },
})
