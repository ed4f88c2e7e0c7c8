// Every screen and every dialog of the console, and how one comes there.

/**
 * @typedef {object} Scene
 * @property {string} name of the picture's file; what is before a `+` is the id of the screen or dialog that it shows
 * @property {string} from id of the tab that the console opens on
 * @property {(string | RegExp | { typed: string } | { command: (theme: string) => string[] })[]} path keys to press, what has to be on the
 *   screen before it goes on, texts to type, commands that run meanwhile (on a background, since a second time nothing would change); the last pattern is what tells that the screen is there
 * @property {string} [profile] where it is not the usual one
 */

const LIVE = /● live/
/** A user who has something of everything, and their id in the demonstration. */
const LOGIN = "taras.melnyk53"
const ID = "a4061e6e-7e46-45db-9fe5-e8b36d2460dc"
const USER = [LIVE, ":", { typed: `users ${LOGIN}` }, "enter", /1 shown/, "enter", /Organizations/, /METHOD|none left/]
const RUNS = [/STARTED/, /\d shown/]
const CODES = [/BATCH/, /\d shown/]
/** The choice of yes in a dialog that begins on its reason. */
const YES = [/What happens/, /\[ Cancel \]/, "tab", "tab"]

/** @type {readonly Scene[]} */
export const SCENES = [
  { name: "log", from: "log", path: [LIVE, /NETWORK/, /ok +max/] },
  { name: "log+4xx", from: "log", path: [LIVE, /by rate/, "s", /Order of the movers/, "j", "enter", /by 4xx/] },
  { name: "menu", from: "log", path: [LIVE, /by rate/, "s", /Order of the movers/] },
  { name: "log+paused", from: "log", path: [LIVE, "k", /‖ paused/, "h", /▸/] },
  { name: "log+filter", from: "log", path: [LIVE, "/", { typed: "status:4xx" }, "enter", /match/] },
  { name: "log+typing", from: "log", path: [LIVE, "/", { typed: "status:4xx path:" }, /\/ status:4xx path:/] },
  { name: "log+movers", from: "log", path: [LIVE, /by rate/, "tab", /▌movers/] },
  { name: "filtered-log", from: "log", path: [LIVE, "k", /‖ paused/, /▸/, ".", /ip:/] },
  { name: "entry", from: "log", path: [LIVE, "k", /‖ paused/, /▸/, "enter", /trace/i] },
  { name: "pivot", from: "log", path: [LIVE, "k", /‖ paused/, /▸/, "+", /address|ip/i] },
  { name: "time", from: "log", path: [LIVE, "t", /14:02|time/i] },
  { name: "changes", from: "log", path: [LIVE, /ok +max/, "b", /SHARE OF THE CHANGE|CHANGE/] },
  { name: "dashboard", from: "dashboard", path: [/as of/, /Models by cost/] },
  { name: "queue", from: "dashboard", path: [/workers alive/, "j", "enter", /Jobs by type/, /worker-1/] },
  { name: "users", from: "users", path: [/LOGIN/, /@/] },
  { name: "user", from: "log", path: USER },
  { name: "user+prod", from: "log", profile: "prod-eu", path: USER },
  { name: "org", from: "runs", path: [...RUNS, "enter", /tool calls/, "j", "enter", /Members, longest/] },
  {
    name: "adjust-credits",
    from: "runs",
    path: [...RUNS, "enter", /tool calls/, "j", "enter", /Members, longest/, "J", /Adjust credits of/],
  },
  { name: "runs", from: "runs", path: RUNS },
  { name: "run-users", from: "runs", path: [...RUNS, "$", /SHARE/, /\d shown/] },
  { name: "run", from: "runs", path: [...RUNS, "enter", /Run {2}/, /START/] },
  { name: "run-event", from: "runs", path: [...RUNS, "enter", /START/, "G", "enter", /Event {2}/, /seq/] },
  {
    name: "run-tree",
    from: "runs",
    path: [
      ...RUNS,
      "/",
      { typed: "status:failed user:minjun" },
      "enter",
      /1 shown|2 shown/,
      /▌\S+ \S+ +\S+ failed/,
      "enter",
      /started by run/,
      "r",
      /Tree of run/,
      /BRANCH/,
    ],
  },
  {
    name: "run-messages",
    from: "runs",
    path: [
      ...[...RUNS, "/", { typed: "status:completed" }, "enter", /▌\S+ \S+ +\S+ completed/, "enter", /START/],
      ...["M", /recorded/, "y", /Messages of run/, /none up to|user/],
    ],
  },
  { name: "invites", from: "invites", path: [/CODE/, /\d shown/] },
  { name: "registration", from: "invites", path: [/CODE/, /\d shown/, "O", /set by/] },
  { name: "invite", from: "invites", path: [/CODE/, /\d shown/, "enter", /Invite code|Owner/] },
  { name: "referrals", from: "referrals", path: [/INVITER/, /\d shown/] },
  { name: "referral-tree", from: "referrals", path: [/INVITER/, /of ↺/, "enter", /[├└▸▾]/] },
  { name: "codes", from: "codes", path: CODES },
  { name: "redemption-code", from: "codes", path: [...CODES, "enter", /code {2}/i] },
  { name: "new-batch", from: "codes", path: [...CODES, "C", /New redemption codes/] },
  { name: "email", from: "email", path: [/in force/] },
  { name: "mail-test-form", from: "email", path: [/in force/, "T", /recipient of the mail/] },
  {
    name: "mail-test",
    from: "email",
    path: [/in force/, "T", /recipient of the mail/, { typed: "ops@example.com" }, "enter", /✓ message/],
  },
  { name: "gateway", from: "gateway", path: [/in sync/] },
  { name: "holds", from: "gateway", path: [/in sync/, "&", /REFUSED/] },
  { name: "incidents", from: "log", path: [LIVE, "W", /No incident|BEGAN/] },
  { name: "incident-text", from: "log", path: [LIVE, "W", /No incident|BEGAN/, "C", /What is wrong/] },
  {
    name: "incident",
    from: "log",
    path: [
      ...[LIVE, "W", /No incident|BEGAN/, "C", /What is wrong/, { typed: "checkout fails" }, "enter"],
      ...[/begins: W opens it/, "W", /open for/],
      ...["a", /A note/, { typed: "since the deployment" }, "enter", /since the deployment/],
    ],
  },
  {
    name: "threshold",
    from: "log",
    path: [LIVE, "/", { typed: "risk>=0.3" }, "enter", /match/, "k", /‖ paused/, /▸/, "T", /reject at risk/],
  },
  { name: "audit", from: "audit", path: [/ACTION/, /\d shown/] },
  { name: "audit-entry", from: "audit", path: [/ACTION/, /\d shown/, "enter", /What it changed/] },
  { name: "edit", from: "log", path: [...USER, "e", /locale/i] },
  {
    name: "conflict",
    from: "log",
    path: [
      ...[...USER, "e", /nothing changed/, "ctrl-u", { typed: "Taras M." }, /changed: 1/],
      ...[{ command: theme => ["users", "update", ID, "--username", `Taras, ${theme}`] }, "ctrl-s", ...YES],
      ...[/\[ Save \]/, "enter", /Somebody saved/],
    ],
  },
  { name: "action", from: "log", path: [...USER, "S", /What happens/, /\[ Cancel \]/] },
  { name: "bulk", from: "users", path: [/LOGIN/, /@/, "space", "space", /2 marked/, "S", /\[ Cancel \]/] },
  { name: "ask", from: "gateway", path: [/in sync/, "enter", "ctrl-u", { typed: "0.5" }, "enter", "q", /\?/] },
  { name: "share", from: "runs", path: [...RUNS, "Y", /opsdeck runs list/] },
  { name: "save", from: "runs", path: [...RUNS, "ctrl-s", /\.ndjson/] },
  { name: "copy", from: "runs", path: [...RUNS, "y", /Copy/] },
  { name: "columns", from: "runs", path: [...RUNS, "|", /Columns/] },
  { name: "narrow", from: "runs", path: [...RUNS, "+", /Only/] },
  { name: "palette", from: "log", path: [LIVE, ":", { typed: "us" }, /users/] },
  { name: "alerts", from: "log", path: [LIVE, "!", /Alerts/] },
  { name: "help", from: "log", path: [LIVE, "?", /Help: Log/] },
  { name: "unlock", from: "users", profile: "prod-eu", path: [/LOGIN/, /read-only/, "ctrl-x", /prod-eu/, /type/i] },
  {
    name: "batch-made",
    from: "codes",
    path: [
      ...[...CODES, "C", /New redemption codes/, { typed: "25" }, "tab", "tab", { typed: "20" }],
      ...["ctrl-s", /together worth 500 credits/, "tab", "tab", /\[ Create \]/, "enter", /25 codes made/],
    ],
  },
  {
    name: "proof",
    from: "log",
    profile: "left-alone",
    path: [LIVE, /idle: dialogs were closed/, ...USER, "S", ...YES, /\[ Suspend \]/, "enter", /Continue as/],
  },
  { name: "sign-in", from: "log", profile: "nobody", path: [/Sign in|login/i] },
]

/** Dialogs that the demonstration does not come to, and why. */
export const WITHOUT_SCENE = { deviations: "it asks which one, and only one thing stands out there" }
