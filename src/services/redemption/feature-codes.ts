/** What redeeming a code of this type does beyond what its name says (contract, section 9), for previews; empty for most. */
export const typeEffects = (type: string): readonly string[] => (type === "feature" ? [FEATURE_RECORDS] : [])

const FEATURE_RECORDS = "a feature code that is redeemed is recorded, and does nothing more"
