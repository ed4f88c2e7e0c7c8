import { z } from "zod"
import { userUpdate } from "../../src/domain/user-patch.ts"
import { defineChange, type Preview } from "../../src/services/operation.ts"

const notRun = () => Promise.reject(new Error("the deck is a fake"))

/** A change of users that a fake deck answers. */
export const changeUser = defineChange({
  words: ["users", "update"],
  summary: "change a user",
  input: userUpdate,
  answer: z.null(),
  preview: notRun,
  run: notRun,
})

export const preview = (more: Partial<Preview> = {}): Preview => ({
  title: "Suspend alice",
  subject: ["Alice Liddell · alice@example.com · Acme (owner)"],
  effects: ["every session issued until now ends at once", "2 API keys keep working: the platform does not stop them"],
  needsConfirmation: true,
  ...more,
})

/** A promise, and what settles it. */
export const later = <T>() => Promise.withResolvers<T>()
