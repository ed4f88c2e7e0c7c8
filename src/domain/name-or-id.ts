/** The name of something, or its id where it has none, or none but blanks. */
export const nameOrId = (name: string | null | undefined, id: string): string => (name?.trim() ? name : id)
