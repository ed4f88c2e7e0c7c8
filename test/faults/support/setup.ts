import { afterAll, beforeAll, expect } from "vitest"
import { OwnDirectory } from "./left-behind.ts"

// Set up before the hooks of any file, so that the check comes after all of them.
let own: OwnDirectory

beforeAll(() => {
  own = new OwnDirectory()
})

afterAll(() => {
  expect(own.close(), "left behind").toEqual([])
})
