const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i

/** May `text` be an id? A stream, or a column of text, can hold anything in its place. */
export const isUuid = (text: string): boolean => UUID.test(text)
