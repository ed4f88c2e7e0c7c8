const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i

/** Whether `text` has the form of an id: a stream, or a column of text, can hold anything. */
export const isUuid = (text: string): boolean => UUID.test(text)

const IN_TEXT = /([0-9a-f]{4})[0-9a-f]{4}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/gi

/** Shortens ids to their first four digits: `/v1/threads/8f2c…/runs`. */
export const shortIds = (text: string): string => text.replace(IN_TEXT, "$1…")
