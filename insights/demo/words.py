"""The raw material of invented companies and people. All domains end in .example: no mail can ever leave."""

INDUSTRIES = ("manufacturing", "it", "logistics", "retail", "healthcare", "finance", "construction", "services")

COMPANIES_JA = (
    ("東和", "towa"), ("みらい", "mirai"), ("北斗", "hokuto"), ("青葉", "aoba"), ("日進", "nisshin"), ("大洋", "taiyo"),
    ("共栄", "kyoei"), ("富士見", "fujimi"), ("さくら", "sakura"), ("光陽", "koyo"), ("山城", "yamashiro"),
    ("瑞穂", "mizuho-k"), ("若葉", "wakaba"), ("東雲", "shinonome"), ("白鳥", "shiratori"), ("千歳", "chitose"),
    ("旭", "asahi-k"), ("協和", "kyowa-k"), ("鶴見", "tsurumi"), ("双葉", "futaba"),
)  # fmt: skip
KINDS_JA = (
    ("精工", "seiko"), ("システムズ", "systems"), ("物流", "logi"), ("商事", "shoji"), ("メディカル", "medical"),
    ("製作所", "works"), ("建設", "kensetsu"), ("ソリューションズ", "solutions"), ("電機", "denki"), ("化学", "kagaku"),
    ("食品", "foods"), ("テクノ", "techno"), ("ホールディングス", "hd"), ("サービス", "service"), ("運輸", "unyu"),
)  # fmt: skip
COMPANIES_EN = (
    "Northwind Harbour", "Alder", "Bluefin", "Castlegate", "Dunmore", "Eastlake", "Fernhill", "Greyrock", "Hawthorn",
    "Ironbridge", "Juniper", "Kestrel", "Larkspur", "Millstone", "Nightingale", "Oakhurst", "Pinecrest", "Quayside",
    "Redwater", "Stonebrook",
)  # fmt: skip
KINDS_EN = (
    "Industries", "Systems", "Logistics", "Trading", "Health", "Works", "Building", "Solutions", "Electric",
    "Chemicals", "Foods", "Technologies", "Group", "Services", "Transport",
)  # fmt: skip

FAMILY_JA = (
    ("佐藤", "sato"), ("鈴木", "suzuki"), ("高橋", "takahashi"), ("田中", "tanaka"), ("伊藤", "ito"),
    ("渡辺", "watanabe"), ("山本", "yamamoto"), ("中村", "nakamura"), ("小林", "kobayashi"), ("加藤", "kato"),
    ("吉田", "yoshida"), ("山田", "yamada"), ("佐々木", "sasaki"), ("松本", "matsumoto"), ("井上", "inoue"),
    ("木村", "kimura"), ("林", "hayashi"), ("清水", "shimizu"), ("斎藤", "saito"), ("阿部", "abe"),
)  # fmt: skip
GIVEN_JA = (
    ("健", "ken"), ("花子", "hanako"), ("美咲", "misaki"), ("翔太", "shota"), ("陽子", "yoko"), ("大輔", "daisuke"),
    ("直樹", "naoki"), ("恵", "megumi"), ("拓也", "takuya"), ("由美", "yumi"), ("誠", "makoto"), ("彩", "aya"),
    ("和也", "kazuya"), ("千尋", "chihiro"), ("亮", "ryo"), ("真由美", "mayumi"),
)  # fmt: skip
FAMILY_EN = (
    "Weber", "Rossi", "Okafor", "Martin", "Jensen", "Novak", "Silva", "Murphy", "Keller", "Dubois", "Larsen", "Khan",
    "Ferrari", "Meyer", "Svensson", "Costa", "Brown", "Nguyen", "Lee", "Walker",
)  # fmt: skip
GIVEN_EN = (
    "Daniel", "Maria", "Chidi", "Anna", "Lukas", "Sofia", "James", "Emma", "Oliver", "Nina", "Peter", "Laura",
    "Thomas", "Julia", "Samuel", "Clara",
)  # fmt: skip

# level -> (Japanese title, English title)
TITLES = {
    1: (("一般社員", "Specialist"), ("エンジニア", "Analyst")),
    2: (("主任", "Team Lead"), ("係長", "Supervisor")),
    3: (("課長", "Manager"), ("マネージャー", "Operations Manager")),
    4: (("部長", "Director"), ("本部長", "Head of Operations")),
    5: (("取締役", "Managing Director"), ("代表取締役", "CEO")),
}
DEPARTMENTS = (
    ("情報システム部", "IT"), ("製造部", "Production"), ("営業企画部", "Sales planning"), ("総務部", "General affairs"),
    ("購買部", "Procurement"), ("マーケティング部", "Marketing"), ("物流部", "Logistics"),
)  # fmt: skip
REGIONS_JA = ("東京都", "大阪府", "愛知県", "福岡県", "北海道", "神奈川県", "広島県", "宮城県")
COUNTRIES_EN = ("GB", "DE", "FR", "SG", "US", "NL")

PRODUCT_PAGES = ("/products/planner", "/products/tracker", "/products/analytics", "/products/mobile")
READING_PAGES = ("/", "/blog/inventory", "/blog/automation", "/blog/security", "/about", "/seminars")
CASES = ("/cases/factory", "/cases/warehouse", "/cases/clinic", "/cases/retailer")
PRICES = ("/pricing", "/pricing/plans", "/pricing/enterprise")
# What has a name and no address: (in Japanese, in English), chosen by the language of the lead.
DOCUMENTS = (
    ("総合カタログ", "Product catalogue"), ("導入事例集", "Case studies"), ("セキュリティガイド", "Security guide"),
    ("導入ガイド", "Introduction guide"),
)  # fmt: skip
PAPERS = (
    ("在庫管理レポート", "Inventory report"), ("業務自動化ハンドブック", "Automation handbook"),
    ("セキュリティチェックリスト", "Security checklist"),
)  # fmt: skip
WEBINARS = (
    ("工場データ活用セミナー", "Factory data webinar"), ("はじめての導入講座", "First steps webinar"),
    ("セキュリティデー", "Security day"),
)  # fmt: skip
EVENTS = (
    ("東京ITウィーク", "Tokyo IT Week"), ("ファクトリーEXPO", "Factory Expo"), ("物流フェア", "Logistics Fair"),
)  # fmt: skip
MAILS = (
    ("春のメールマガジン", "Spring newsletter"), ("夏のメールマガジン", "Summer newsletter"),
    ("秋のメールマガジン", "Autumn newsletter"), ("導入事例のご案内", "Case study email"),
    ("価格改定のご案内", "Pricing email"), ("セミナーのご案内", "Seminar invitation"),
)  # fmt: skip
TRIAL = (("30日間無料トライアル", "30-day free trial"),)
DEMO = (("オンラインデモ", "Online demo"),)
QUOTE = (("見積もりフォーム", "Quote form"),)
CHAT = (("サイト内チャット", "Website chat"),)
NEWSLETTER = (("メールマガジン", "Newsletter"),)
INTRODUCTION = (("既存顧客からの紹介", "Customer referral"),)
ENQUIRIES_JA = (
    "30名での導入を検討中です。", "他社製品と比較しています。", "見積をお願いします。", "在庫はありますか。",
    "資料を拝見したいです。",
)  # fmt: skip
ENQUIRIES_EN = (
    "We plan a rollout for 40 people.", "We compare you with two other products.", "Please send a quote.",
    "Can you add a function for returns?", "I would like to see the documentation.",
)  # fmt: skip
COMPLAINTS = (
    ("請求書の誤り", "Wrong invoice"), ("メールが多すぎる", "Too many emails"),
    ("サポートの回答が遅い", "Late answer from support"),
)  # fmt: skip
