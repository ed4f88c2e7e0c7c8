/** A command line as it is typed, and what it is for. */
type Example = readonly [line: string, purpose?: string]

/** Examples of each command, by its words. The test reads each of them as the program does. */
export const EXAMPLES: Readonly<Record<string, readonly Example[]>> = {
  log: [
    ["opsdeck log 'status:5xx risk>=0.8'", "the newest requests that match a filter"],
    ["opsdeck log --since 3h --until 2h 'status:5xx' --json", "from the history, where the stream is shorter"],
    ["opsdeck log --follow --country CN --json", "one JSON object a line, until Ctrl-C"],
    ["opsdeck log --follow --alert 'error% > 5 for 30s'", "ends with status 7 once the alert fires"],
  ],
  "log histogram": [
    ["opsdeck log histogram --since 24h --step 5m", "requests, refusals, errors and durations of each five minutes"],
    [
      "opsdeck log histogram 'status:5xx' --since 3h --history-only",
      "for whoever may read the history, without PostgreSQL",
    ],
  ],
  "log top": [
    ["opsdeck log top --by route --since 1h --sort failed", "the routes with most errors of the last hour"],
    ["opsdeck log top --by network 'status:429' --since 03:00 --until 03:10", "who was held back then, in UTC"],
  ],
  "log compare": [
    ["opsdeck log compare --window 03:00..03:05 --with 02:00..03:00", "what changed at 03:00"],
    ["opsdeck log compare 'status:5xx' --window 10m..", "what the errors of the last ten minutes have in common"],
  ],
  record: [["opsdeck record", "until Ctrl-C or SIGTERM; docs/history.md has the unit of systemd"]],
  "record status": [["opsdeck record status --json", "status 6 when nothing is being recorded"]],
  "incident start": [["opsdeck incident start checkout fails since the deployment", "begins to write it down"]],
  "incident note": [["opsdeck incident note 'rolled back to 2.3.9'", "to the open incident; --id names another one"]],
  "incident title": [["opsdeck incident title 'runs fail since the deployment'", "what is wrong, in other words"]],
  "incident correct": [
    ["opsdeck incident correct 'rolled back to 2.3.8'", "your last note; --line names another one, by show --json"],
  ],
  "incident unpin": [["opsdeck incident unpin", "takes your last pin back; --line names another one, by show --json"]],
  "incident list": [["opsdeck incident list"]],
  "incident show": [
    ["opsdeck incident show kibanu > kibanu.md", "the page to hand over; without an id the open incident"],
    ["opsdeck incident show kibanu --evidence kibanu.ndjson", "the pinned requests go along, with all their fields"],
  ],
  "incident end": [["opsdeck incident end"]],
  dashboard: [["opsdeck dashboard --json"]],
  "users list": [
    ["opsdeck users list --q alice --status active"],
    ["opsdeck users list --sort -last_login_at", "the latest login first; without the dash the earliest"],
    ["opsdeck users list 'status:suspended since>30d'", "older than 30 days; quoted, since > is the shell's"],
    ["opsdeck users list --status left-over", "deleted users whose sessions, API keys or invite codes still work"],
  ],
  "runs cancel": [
    ["opsdeck runs cancel ID --reason 'burns money'", "asks the workers to end it; runs show tells when it has ended"],
    ["opsdeck runs cancel --user ID --children --yes", "all that the user has running, and what those started"],
  ],
  "users end-access": [
    ["opsdeck users end-access ID --reason 'stolen laptop'", "signs them out everywhere; the status stays"],
    ["opsdeck users end-access ID --pause-automation --yes", "jobs, channels and heartbeats stop as well"],
  ],
  "users show": [["opsdeck users show ID"]],
  "users update": [
    ['opsdeck users update ID --status suspended --revoke-keys --reason "credential stuffing"'],
    ["opsdeck users update ID --status suspended --pause-automation", "their jobs, channels and heartbeats, too"],
    ["opsdeck users update ID --email alice@example.com --email-verified"],
    ['opsdeck users update ID --timezone ""', "an empty text clears the field; so it does with --email and --locale"],
  ],
  "users delete": [["opsdeck users delete ID --reason 'asked for it'", "asks for the login to be typed"]],
  "runs list": [
    ["opsdeck runs list status:failed model:claude since:1d", "a filter, or the options of the same meaning"],
    ["opsdeck runs list --status failed"],
    ["opsdeck runs list 'cost>1 dur>60s' --since 7d", "by amounts: what they cost, how long they took, their tokens"],
    [
      "opsdeck runs list user:alice since:1d --sort -total_cost_usd --sums",
      "the most expensive first, and what all of them cost",
    ],
  ],
  "runs users": [
    ["opsdeck runs users", "who costs most, of the last day"],
    ["opsdeck runs users since:7d model:claude --sort -failed", "whose runs fail most"],
  ],
  "runs show": [["opsdeck runs show ID"]],
  "runs messages": [["opsdeck runs messages ID", "what was written in its thread; recorded as runs.messages_read"]],
  "runs events": [
    ["opsdeck runs events ID --type tool.", "the calls of tools and their results"],
    [
      "opsdeck runs events ID --content --json",
      "with prompts and answers; that you read them is recorded in the audit log",
    ],
    ["opsdeck runs events ID --follow --json", "one JSON object a line, until the run has ended"],
  ],
  "invites list": [["opsdeck invites list alice since:30d"]],
  "invites show": [["opsdeck invites show ID"]],
  "invites update": [
    ["opsdeck invites update ID --max-uses 0", "no limit"],
    ["opsdeck invites update ID --no-active", "switched off"],
  ],
  "referrals list": [["opsdeck referrals list inviter:alice since:30d"]],
  "referrals tree": [["opsdeck referrals tree ID --depth 5"]],
  "codes list": [["opsdeck codes list summer type:credit state:active"]],
  "codes update": [["opsdeck codes update ID --no-active"]],
  "codes create": [
    ["opsdeck codes create --count 500 --type credit --value 100 --expires-at 30d --batch-id summer > codes.txt"],
  ],
  "audit list": [
    ["opsdeck audit list --target-id ID", "what was done to whom"],
    ["opsdeck audit list actor:alice since:7d", "what somebody did in the last week"],
  ],
  "gateway show": [["opsdeck gateway show"]],
  "gateway set": [
    ["opsdeck gateway set --risk-reject-threshold 0.8 --trusted-cidr 10.0.0.0/8 --trusted-cidr 2001:db8::/32"],
    ["opsdeck gateway set --inherit ip_mode", "the gateway's own environment applies again"],
  ],
  "gateway hold": [
    ["opsdeck gateway hold --address 203.0.113.7 --reason 'tries passwords'", "for 15 minutes"],
    ["opsdeck gateway hold --org-id ID --minutes 60 --yes", "its signed-in requests; it ends by itself"],
  ],
  "gateway release": [["opsdeck gateway release --address 203.0.113.7"]],
  "gateway holds": [["opsdeck gateway holds", "until when, and how many requests were refused since"]],
  "email status": [["opsdeck email status"]],
  "email config": [["opsdeck email config --json"]],
  "email set": [["OPSDECK_SMTP_PASS=… opsdeck email set --smtp-host smtp.example.com --smtp-tls-mode starttls"]],
  "email test": [["opsdeck email test --to ops@example.com", "really sends a mail"]],
  "credits show": [["opsdeck credits show ID", "the balance of an organization, and the newest transactions"]],
  "credits adjust": [
    ["opsdeck credits adjust ID --amount 500 --note 'goodwill after the outage'"],
    ["opsdeck credits adjust ID --amount -200 --note 'credited twice'", "never below zero"],
  ],
  "registration show": [["opsdeck registration show"]],
  "registration set": [["opsdeck registration set --no-open --reason 'flood of accounts'", "by invitation only"]],
  watch: [
    ["opsdeck watch --alert 'queue age > 60s' --alert 'record lag > 1m'", "ends with status 7 once one fires"],
    [
      "opsdeck watch --alert 'rate(ip) > 50/s for 30s' --alert 'workers < 2' --json",
      "of the log and of the queue; one JSON object a line",
    ],
  ],
  queue: [
    ["opsdeck queue --json", "status 0 whatever it finds; jobs that no worker alive can take are counted as stuck"],
  ],
  doctor: [
    ["opsdeck doctor", "exit status 6 where something fails"],
    ["opsdeck doctor --grants", "the rights to give opsdeck in PostgreSQL and Redis, to paste"],
  ],
  whoami: [["opsdeck whoami"]],
  repair: [["opsdeck repair"]],
  migrate: [["opsdeck migrate --database-url postgres://platform@localhost/platform"]],
  completion: [["source <(opsdeck completion bash)", "or keep its output where your shell looks for completions"]],
  demo: [
    ["opsdeck demo", "200 requests a second"],
    ["opsdeck demo --scenario attack", "somebody tries passwords from many addresses: find and stop them"],
    ["opsdeck demo --scenario deploy", "a deployment broke something: find out what, and since when"],
    ["opsdeck demo --rate 2000 --seed 7", "more traffic, other people"],
    ["opsdeck demo --gateways eu,us", "two gateways, whose streams the log merges"],
    ["opsdeck demo --servers-only", "no console: prints the environment for another terminal"],
  ],
}
