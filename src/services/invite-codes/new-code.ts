/** What becomes of an owner whose invite codes are switched off (contract, section 9), for previews. */
export const NEW_CODE = "an owner without an active invite code gets a new, active one when they next open their page"
