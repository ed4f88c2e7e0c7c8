import fc from "fast-check"

/** What acts on a terminal: titles, the clipboard, colours, screens, the bell, keyboards, and the beginnings of such. */
const SEQUENCES = [
  ..."\x00\x07\x08\t\n\r\x0b\x0c\x0e\x0f\x1a\x1b\x7f\x84\x85\x90\x9b\x9c\x9d\u2028\u2029\u200b\u200d\u202e\u2066\ufe0f\u{e0041}",
  "\x1b]0;mine\x07",
  "\x1b]52;c;cm0gLXJmIC8=\x07",
  "\x1b]8;;http://x\x1b\\",
  "\x1b]8;;http://x\x1b\x1b]52;c;YQ==\x07",
  "\x1bPtmux;\x1b\x1b]52;c;YQ==\x07\x1b\\",
  "\x1b[2J",
  "\x1b[H",
  "\x1b[31m",
  "\x1b[38;5;1",
  "\x1b[?1049l",
  "\x1b[?2004h",
  "\x1b[200~",
  "\x1b[6n",
  "\x1b[21t",
  "\x1bc",
  "\x1b#8",
  "\x1b]",
  "\x9b2J",
  "\x9d0;mine\x9c",
  "👩‍👩‍👧",
  "🇩🇪",
  "❤️",
  "한",
  "글",
  "漢字",
  "e\u0301\u0301\u0301\u0301",
  "क्षि",
  "\u0600",
  "\ud800",
  " ".repeat(300),
  "w".repeat(300),
]

const piece = fc.oneof(
  fc.constantFrom(...SEQUENCES),
  fc.string({ unit: "binary", maxLength: 6 }),
  fc.string({ unit: "grapheme", maxLength: 6 }),
)

/** Text as a stranger sends it who wants the terminal. */
export const hostileText = fc.array(piece, { minLength: 1, maxLength: 5 }).map(pieces => pieces.join(""))

/** Bytes that are no UTF-8 most of the time. */
const hostileBytes = fc.uint8Array({ minLength: 1, maxLength: 12 }).map(bytes => Buffer.from(bytes))

const FIELDS = [
  ...["path", "path", "user_agent", "user_agent", "method", "status", "duration_ms", "client_ip", "country", "city"],
  ...["ua_type", "risk_score", "identity_type", "trace_id", "org_id", "ts", "\x1b]0;name\x07"],
]

/** The fields of a request that are hostile, one to three, and their values. */
const hostileFields = fc.array(
  fc.tuple(fc.constantFrom(...FIELDS), fc.oneof({ weight: 4, arbitrary: hostileText }, hostileBytes)),
  { minLength: 1, maxLength: 3 },
)

export type HostileFields = readonly [name: string, value: string | Buffer][]

/** `count` requests of the series that `seed` begins. */
export const hostileRequests = (count: number, seed: number): HostileFields[] =>
  fc.sample(hostileFields, { numRuns: count, seed })
