/** Writes `12345` as `12 345`; the digits of a fraction stay together. */
export const groupDigits = (number: { toString(): string }): string =>
  String(number).replace(/\B(?<!\.\d*)(?=(\d{3})+(?!\d))/g, " ")
