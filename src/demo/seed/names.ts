import { type Random, weighted } from "../random.ts"

/** Names of one culture as written there, with the Latin spelling for logins. */
interface Culture {
  readonly weight: number
  readonly locale: string
  readonly timezone: string
  /** Names as `Written` or `Written/latin` where the two differ; given names first, unless `familyFirst`. */
  readonly given: readonly string[]
  readonly family: readonly string[]
  readonly familyFirst?: string
}

const words = (text: string) => text.split(" ")

const cultureOf = weighted<Culture>([
  {
    weight: 22,
    locale: "en-US",
    timezone: "America/New_York",
    given: words("Alice Bob Grace Henry Olivia Marcus Ruth Dwight Hazel Theo"),
    family: words("Liddell Walker Hopper Bennett O'Neill/oneill Carter Fields Whitaker Reyes Stone"),
  },
  {
    weight: 12,
    locale: "de-DE",
    timezone: "Europe/Berlin",
    given: words("Jürgen/juergen Anja Lukas Käthe/kaethe Florian Sabine Jörg/joerg Miriam"),
    family: words("Müller/mueller Schäfer/schaefer Weiß/weiss Krüger/krueger Hoffmann Vogel Brandt"),
  },
  {
    weight: 14,
    locale: "zh-CN",
    timezone: "Asia/Shanghai",
    given: words("小明/xiaoming 丽华/lihua 建国/jianguo 思远/siyuan 雨桐/yutong 子轩/zixuan"),
    family: words("王/wang 李/li 张/zhang 刘/liu 欧阳/ouyang 陈/chen"),
    familyFirst: "",
  },
  {
    weight: 9,
    locale: "ja-JP",
    timezone: "Asia/Tokyo",
    given: words("さくら/sakura 健太/kenta 美咲/misaki 大輔/daisuke 陽菜/hina"),
    family: words("佐藤/sato 鈴木/suzuki 高橋/takahashi 渡辺/watanabe 山本/yamamoto"),
    familyFirst: " ",
  },
  {
    weight: 6,
    locale: "ko-KR",
    timezone: "Asia/Seoul",
    given: words("민준/minjun 서연/seoyeon 지훈/jihun 하은/haeun"),
    family: words("김/kim 이/lee 박/park 최/choi"),
    familyFirst: "",
  },
  {
    weight: 7,
    locale: "pt-BR",
    timezone: "America/Sao_Paulo",
    given: words("João/joao Beatriz Caio Luíza/luiza Thiago Inês/ines"),
    family: words("Gonçalves/goncalves Araújo/araujo Silva Conceição/conceicao Moura"),
  },
  {
    weight: 6,
    locale: "pl-PL",
    timezone: "Europe/Warsaw",
    given: words("Łukasz/lukasz Zofia Michał/michal Agnieszka Żaneta/zaneta"),
    family: words("Wiśniewski/wisniewski Wójcik/wojcik Kowalczyk Dąbrowska/dabrowska"),
  },
  {
    weight: 6,
    locale: "ar-EG",
    timezone: "Africa/Cairo",
    given: words("ليلى/layla أحمد/ahmed نور/nour يوسف/youssef"),
    family: words("حسن/hassan منصور/mansour الشريف/elsherif فؤاد/fouad"),
  },
  {
    weight: 5,
    locale: "uk-UA",
    timezone: "Europe/Kyiv",
    given: words("Оксана/oksana Тарас/taras Юлія/yuliia Богдан/bohdan"),
    family: words("Шевченко/shevchenko Коваленко/kovalenko Мельник/melnyk"),
  },
  {
    weight: 6,
    locale: "hi-IN",
    timezone: "Asia/Kolkata",
    given: words("Ananya Arjun Priya Rohan Kavya"),
    family: words("Sharma Iyer Patel Banerjee Gupta"),
  },
  {
    weight: 4,
    locale: "en-NG",
    timezone: "Africa/Lagos",
    given: words("Chidi Ngozi Adé/ade Folasade Emeka"),
    family: words("Okafor Adébáyò/adebayo Eze Balogun"),
  },
  {
    weight: 3,
    locale: "tr-TR",
    timezone: "Europe/Istanbul",
    given: words("Işıl/isil Çağla/cagla Mehmet Ömer/omer"),
    family: words("Yılmaz/yilmaz Şahin/sahin Öztürk/ozturk"),
  },
])

export interface PersonName {
  readonly written: string
  /** Lower-case ASCII, such as `wang.xiaoming`. */
  readonly latin: string
  readonly locale: string
  readonly timezone: string
}

/** Returns a plausible name from a random culture. */
export function personName(random: Random): PersonName {
  const { given, family, familyFirst, locale, timezone } = cultureOf(random)
  const [givenName, givenLatin] = spellings(random.pick(given))
  const [familyName, familyLatin] = spellings(random.pick(family))
  const written = familyFirst === undefined ? `${givenName} ${familyName}` : `${familyName}${familyFirst}${givenName}`
  return { written, latin: `${givenLatin}.${familyLatin}`, locale, timezone }
}

function spellings(name: string): [written: string, latin: string] {
  const [written, latin] = name.split("/") as [string, string?]
  return [written, latin ?? written.toLowerCase()]
}

/** Companies that use the platform: name and slug. */
export const WORKSPACES: readonly (readonly [name: string, slug: string])[] = [
  ["Acme Robotics", "acme"],
  ["Nimbus", "nimbus"],
  ["株式会社さくら", "sakura"],
  ["Łódź Analytics", "lodz-analytics"],
  ["深蓝科技", "shenlan"],
  ["Kano Labs", "kano-labs"],
  ["Straßenbau Vogel GmbH & Co. KG", "strassenbau-vogel"],
  ["Café Numérique", "cafe-numerique"],
  ["شركة النيل", "nile"],
  ["Blue Whale Logistics", "blue-whale"],
  ["한빛소프트", "hanbit"],
  ["Oficina do Código", "oficina"],
  ["Quiet Harbor Clinic", "quiet-harbor"],
  ["Дніпро Дані", "dnipro-data"],
]
