/** What terminals send for the keys that are read from sequences, as their terminfo entries and manuals have it. */
export const SEQUENCES_OF_TERMINALS: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>> = {
  xterm: {
    ...{ up: ["[A", "OA"], down: ["[B", "OB"], right: ["[C", "OC"], left: ["[D", "OD"] },
    ...{ home: ["[H", "OH", "[1;2H"], end: ["[F", "OF"], delete: ["[3~", "[3;2~"], pageup: ["[5~"], pagedown: ["[6~"] },
    ...{ f1: ["OP", "[1;2P"], f2: ["OQ"], f3: ["OR"], f4: ["OS", "[1;5S"], "ctrl-r": ["[15~"], f6: ["[17~"] },
    ...{ f10: ["[21~"], f11: ["[23~"], f12: ["[24~", "[24;2~"], "shift-tab": ["[Z"], enter: ["OM"] },
    ...{ "ctrl-left": ["[1;5D"], "ctrl-right": ["[1;5C"], "alt-left": ["[1;3D"], "ctrl-delete": ["[3;5~"] },
  },
  rxvt: {
    ...{
      home: ["[7~", "[7$", "[7^"],
      end: ["[8~", "[8$"],
      delete: ["[3~", "[3$"],
      pageup: ["[5$"],
      "ctrl-delete": ["[3^"],
    },
    ...{
      up: ["[a", "Oa"],
      right: ["[c"],
      left: ["[d"],
      "ctrl-right": ["Oc"],
      "ctrl-left": ["Od"],
      "alt-right": ["\x1b[C"],
    },
    ...{ f1: ["[11~"], f2: ["[12~"], f3: ["[13~"], f4: ["[14~"], f9: ["[20~"], "alt-left": ["\x1b[D"] },
  },
  putty: { home: ["[1~"], end: ["[4~", "Ow"], f1: ["[11~"], f4: ["[14~"], up: ["\x1b[A", "OA"] },
  "linux console": {
    ...{
      home: ["[1~"],
      end: ["[4~"],
      f1: ["[[A"],
      f2: ["[[B"],
      f3: ["[[C"],
      f4: ["[[D"],
      "ctrl-r": ["[[E"],
      f6: ["[17~"],
    },
  },
  "screen and tmux": {
    ...{ home: ["[1~", "[1;2H"], end: ["[4~", "[1;2F"], delete: ["[3~"], f1: ["OP"], "alt-right": ["[1;3C"] },
    ...{ "ctrl-a": ["[97;5u", "[27;5;97~"], A: ["[97;2u"], "alt-b": ["[98;3u"], esc: ["[27u"], "shift-tab": ["[9;2u"] },
  },
}

/** The same as a list of sequences and the keys they are. */
export const KEY_LIST: readonly (readonly [sequence: string, key: string])[] = Object.values(
  SEQUENCES_OF_TERMINALS,
).flatMap(keys => Object.entries(keys).flatMap(([key, all]) => all.map(rest => [`\x1b${rest}`, key] as const)))

const ST = "\x1b\\"

/** What terminals send by themselves, and keys that nothing knows. */
export const NO_KEYS: Readonly<Record<string, string>> = {
  "a colour of the palette (OSC 4)": `\x1b]4;1;rgb:cdcd/0000/0000${ST}`,
  "the foreground (OSC 10), ended by BEL": "\x1b]10;rgb:ffff/ffff/ffff\x07",
  "the background (OSC 11)": `\x1b]11;rgb:1e1e/1e1e/2e2e${ST}`,
  "the clipboard (OSC 52)": `\x1b]52;c;cXVpdCBxIGpqago=${ST}`,
  "the title": `\x1b]lqqq${ST}`,
  "primary attributes (DA1)": "\x1b[?62;22;52c",
  "secondary attributes (DA2)": "\x1b[>41;354;0c",
  "tertiary attributes (DA3)": `\x1bP!|7E565445${ST}`,
  "a mode (DECRPM)": "\x1b[?2026;2$y",
  "a mode of ANSI (DECRPM)": "\x1b[4;2$y",
  "the version (XTVERSION)": `\x1bP>|xterm(390)${ST}`,
  "a setting (DECRQSS)": `\x1bP1$r0m${ST}`,
  "a capability (XTGETTCAP)": `\x1bP1+r544e=787465726d${ST}`,
  "the picture protocol": `\x1b_Gi=31;OK${ST}`,
  "the keyboard protocol": "\x1b[?1u",
  "focus comes": "\x1b[I",
  "focus goes": "\x1b[O",
  "a resize (mode 2048)": "\x1b[48;24;80;480;1600t",
  "the place of the cursor": "\x1b[1;2R",
  "an old report of the mouse": "\x1b[M qq",
  "one beyond column 95": "\x1b[M\xa0\xc3\xa9",
  "a report of rxvt's mouse": "\x1b[32;10;20M",
  "a report of the mouse": "\x1b[<0;5;12M",
  "a key that was let go": "\x1b[97;1:3u",
  Insert: "\x1b[2~",
  "an unknown key": "\x1b[99;9~",
  "an unknown sequence": "\x1b[?12;34q",
  another: "\x1bOz",
}
