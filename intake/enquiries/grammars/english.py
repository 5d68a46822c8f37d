"""How English enquiries are worded. Words are in small letters, "don't" is do not, "we'd" is we would."""

from __future__ import annotations

import re

from intake.enquiries.notation import pattern
from leads.enums import EnquirySign

WORDS = {
    "NOT": "not|never|no|cannot|without",
    "WE": "we|i|they|our|my|us",
    "CAN": "can|could|would|will|may|might",
    "QUOTE": "quotes?|quotations?|quoting|estimates?|rfqs?|proforma|pro-forma|offer",
    "PRICE": "prices?|prise|pricing|costs?|fees?|rates?|charges?|price-list|pricelist|moq|discounts?",
    "BUY": (
        r"buy|buying|purchas\w+|order|introduc\w+|implement\w*|adopt\w*|deploy\w*|roll|rolling|switch\w*|"
        r"start\w*|install\w*|subscrib\w+|replac\w+|expand\w*|invest\w*|migrat\w+|mov\w+|upgrad\w+|sign|acquire|"
        "get|use|using"
    ),
    "CHANNEL": "e-?mail|mail|phone|telephone|post|text|chat|letter|fax|teams|slack",
    "MAILINGS": (
        r"e-?mails?|mails?|newsletters?|messages?|mailings?|marketing|spam|communications?|calls?|offers?|adverts?|ads"
    ),
    "NUMBER": r"\d\S*|one|two|three|four|five|six|seven|eight|nine|ten|twelve|twenty|several|multiple|some|few",
    "VENDORS": (
        "vendors?|suppliers?|providers?|products?|solutions?|tools?|systems?|options?|competitors?|"
        "alternatives?|offers?"
    ),
    "PRODUCT": (
        "products?|software|platform|tools?|solutions?|systems?|services?|modules?|features?|plans?|versions?|"
        r"machines?|app|api|integrat\w+|support|compatible|languages?|security|cloud|sso|saml|licen[cs]es?|"
        "export|import"
    ),
    "YOURS": (
        r"company|companies|business|businesses|teams?|organi[sz]ations?|brands?|agenc\w+|users|customers|"
        "people|firms?"
    ),
}


def rules(*written: str) -> re.Pattern[str]:
    return pattern(WORDS, *written)


TOPICS = {
    EnquirySign.QUOTE: rules(
        "<!an <!special QUOTE !us|you|we|free|demos?|trials?|training|support",
        "<!the <!a <!any quote|offer us|me",
        "(an|any) (estimate|quotation|quote|rfq) !you|we|i|from",
        "(price|pricing|rate|fee) (tag|range|point|points|card|cards|tiers|brackets|schedule|structure|model)",
        "rate-card|ratecard",
        "figures|numbers (for|by|to)",
        "(price|pricing) (list|lists|information|info|details|sheet|overview|proposal)",
        "ballpark|budgetary",
        "purchase order",
        "(best|unit|bulk|volume|list) (price|prices|pricing|discount|discounts)",
        "proposal",
    ),
    EnquirySign.DEMO: rules(
        "demos?|demonstrations?|presentation|walkthrough|walk-through|showroom|walk-thru !account|video|data|unit",
        "(see|show|present) (us|me|our|the|your|a|it|it in|how) ~4 (product|action|solution|works?|platform|"
        "software|tool|machine|system|live)",
        "(see|present) (the|your|it) ~3 (to our|to us|in action|live|product|solution)",
        "(look|see|seeing|watch|view) ~4 in action",
        "see (how|what) (it|this|that|your) ~2 (looks?|runs?|behaves|performs|feels|does)",
        "(quick|short|brief|guided|virtual|full|product) tour",
        "(walk|run|take|talk|guide) (us|me|them|our|my) ~2 through",
        "(tour|walk-through|run-through|runthrough|preview|overview) of (the|your|it)",
        "(see|watch) (it|this|that|one|the product|the system|the machine|the software) (work|run|running|working|"
        "live|in|up|being)",
        "(see|watch|show) ~5 (live|in action|in person|up close)",
        "screen ~1 share|sharing",
    ),
    EnquirySign.TRIAL: rules(
        "trials?|samples?|pilot|poc|sandbox|proof-of-concept !error",
        "proof of concept",
        "(demo|loan|test|evaluation) (unit|account|licen[cs]e|version|device|environment)",
        "(try|test|trial) (it|your|the|this|out|before|first|one)",
        "evaluate ~1 (it|one|this) ~3 (first|before|our|own)",
        "loan (us|me) (a|an|one|your|the)",
        "kick the (tires|tyres|wheels)",
        "(borrow|lend) ~3 (unit|device|machine|one|it|tablet|license|licence)",
        "test ~1 drive|test-drive|hands-on|loaner",
        "(play|tinker|experiment) (around)? with",
        "give (it|this|that|the) ~2 (go|try|spin|whirl|shot|whirl)",
        "take (it|this|your) ~2 for a (spin|test)",
        "(beta|guest|test|temporary|trial) (access|login|account|licen[cs]e|version|period)",
        "free (tier|version|account|period)",
        "get ~1 hands on (it|one|the|your)",
    ),
    EnquirySign.DOCUMENTS: rules(
        "brochures?|catalogues?|catalogs?|datasheets?|data-sheets?|documentation|documents?|white-?papers?|"
        "whitepapers?|pdf|leaflets?|flyers?|specs?|specifications?|literature|guide|materials? "
        "!costs?|management|handling",
        "(data|spec|product|fact) (sheets?)",
        "(white) (papers?)",
        "case (study|studies)",
        "slides|deck|slide deck !to",
        "(more|some|further|additional|detailed|product) (information|info|details)",
    ),
    EnquirySign.CONTACT: rules(
        "<!board <!team <!internal <!staff meeting",
        "call|phone|ring|callback|call-back|teleconference|appointment !number|system|line|me|us|center|centre|it",
        "call (me|us)",
        "(contact|reach|phone|talk to|speak to|speak with|talk with|meet) (me|us|with|somebody|someone|sales|your)",
        "(someone|somebody|anyone|rep|representative) ~4 (contact|call|reach|visit|talk|email)",
        "(get|be) in touch with (me|us)",
        "(discuss|talk about|talk through) ~6 with (you|your|one|someone|an|a)",
        "reach out to (me|us)",
        "(talk|speak|chat) (to|with) (someone|somebody|sales|an|a|your)",
        "account (executive|manager)",
        "(can|could|may) (we|i) ~1 (meet|talk|speak|chat)",
        "calls",
        "(contacted|called) by",
        "(contacting|calling|emailing) me",
    ),
}
ASKS = rules(
    r"please|pls|plz|kindly|request\w*|needs?|needed|want|wants|wish|require\w*|get|send|give|provide|share|"
    r"email|e-mail|schedule|book|arrange|organi[sz]e|set|looking|interested|requir\w+|appreciate|asap|urgent\w*|"
    "welcome|hear|love|like|obtain|have|receive|offer|offers|available|possible|just|only|let|prepare|quote|"
    "requesting|thx|sharpen|issue|confirm|see",
    r"\?",
    "(can|could|would|will|may) (you|we|i|someone|somebody)",
    "how (much|about|do)",
    "(chance|possibility|way) (of|to|for|we|i)",
    "would ~1 (be great|be nice|be good|be helpful|help)",
    "what (is|are|would|will|does|do|kind)",
    "i am after",
)
PRICES = rules(
    r"PRICE !(pages?|tables?|cuts?) ~9 \?",
    "(what|tell|send|share|give|know|need|provide|get|have|see|list|understand|confirm|advise|find) ~6 PRICE",
    "PRICE (please|pls|asap|for)",
    "PRICE (would|is|are) ~1 (great|nice|good|helpful|appreciated|needed|required|requested)",
    "(rough|approximate|indicative) PRICE",
    "^ ~6 PRICE (of|for|per) ~6 $",
    "^ ~5 PRICE $",
)
REFUSES = rules(
    "no need (for|to)",
    "(do|does|did|will|would) not ~1 (need|want|require|wish|care)",
    "not ~1 (need|needed|necessary|required|interested|want)",
    "no (longer|more)? ~2 (!idea|doubt|problem|problems|hurry|rush|longer|erp|later) (demos?|calls?|quotes?|"
    "quotation|trials?|samples?|brochures?|documents?|meetings?|phone|visits?|emails?|documentation|"
    "catalogues?|catalogs?) (!yet|on|in|available|from|is|are)",
    "not have ~1 (time|capacity) for",
    "drop (the|that|my|our)",
    "no longer (need|want|require)",
    "(do|does) not need another",
    "cancel|cancelled|canceled|disregard|ignore|withdraw|withdrawn|skip|scrap|forget",
    "without (a|any|the)? (demo|call|trial|meeting)",
    "(do|please) not (call|phone|contact|email|send|ring|bother)",
    "stop (calling|contacting|sending|emailing|e-mailing|phoning)",
    "(instead|rather) of|than a (call|demo|meeting|quote)",
)
RECEIVED = rules(
    "thank|thanks|thx|thankyou ~2 (for|you for)",
    "(received|got|saw|seen|attended|reviewed|read|watched)",
    "(you|your colleague) (sent|quoted|gave|showed|offered)",
)

SIGNS = {
    EnquirySign.QUOTE: rules(
        "how much !time|longer|data|memory|storage|experience|space ~1 (is|are|does|do|would|will|for|per|it|"
        r"to|can|\?)",
        r"how much ~5 \?",
        "what (do|would|will|does|might|should) ~5 (cost|charge|pay|spend|run|come to|set us back|amount to)",
        "(run|cost) (us|me) !through",
        "set (us|me) back",
        r"(cheaper|low-cost|lower-cost|affordable|smaller) (option|plan|version|alternative|model|package) ~3 \?",
        r"(what|which|how much) ~1 budget ~5 \?",
        "price check",
        "(can|could|please) (you|someone)? ~1 price (up|a|the|this|that|it)",
        "(do|get|have|sell|make) (it|this|one|that|us|them) ~1 for (under|less|below|cheaper)",
        "what (this|it|that|yours|they|everything|these) ~1 (costs?|runs?|goes for|sells for)",
        r"(is|are|would) (it|this|that|they) ~1 (expensive|pricey|affordable|costly) ~2 \?",
        "(cheapest|least expensive|most affordable) (plan|option|package|version|one|model|tier)",
        r"what ~2 (looking at|talking) ~7 \?",
        r"(within|in|fit|fits|under|match|meet) (a|our|the|my)? ~1 budget ~6 \?",
        "(got|have|any|is there) ~1 (a|the)? (price|pricing|rates?) (for|on|per|of)",
        "(can|could|would) you ~1 (add|change|customi[sz]e|modify|make|produce|manufacture|deliver|supply|"
        "integrate|adapt|machine|print) (!me|us|my|our|meeting|appointment|address|password|date|sure)",
        "possible to (add|change|customi[sz]e|modify|get it|have it|make|produce|print|deliver)",
        "change (the)? materials?",
        r"stock (now|today|available|availability)? \?",
        "stock now",
        "(have|is|are|any) ~6 in stock",
        r"(lead|delivery) times? ~6 (\?|please|for)",
        "(what|tell|confirm|need|send|know) ~4 (lead|delivery) times?",
        "(place|submit|raise) an? ~1 order",
        "(want|like|ready|wish|need) to (place|order)",
        r"^ orders? (for|of)? \d\S*",
        "minimum order",
        "moq",
        "(offer|give|get|have|any|is there) ~3 (volume|bulk|educational|quantity)? discounts?",
        "(please|pls|kindly) quote",
        "quote (please|pls|us|me|for|asap)",
        "(sharpen|improve|lower|match) ~2 (offer|price|quote)",
        "unit price",
        "possible to (have|get|order|receive) ~6",
        "(advise|confirm|check|send|tell|share) ~3 (availability|lead|delivery)",
        "(come|in|have|get|make|made|do) ~5 (instead|in (blue|red|black|white|green|steel|aluminium|stainless|"
        r"another|a different|custom)) ~2 \?",
        "(do|any|come|go) ~1 better on",
        "is there ~1 discount",
        "how expensive",
        "price (this|it|that|these|them) ~1 (up|for)",
        "(can|could) ~3 be ~1 (made|built|produced|delivered|supplied|painted|customi[sz]ed|adapted|extended|widened)",
        "when (can|could|would) (you|it) ~1 (deliver|ship|supply|be delivered) ~6",
        r"\d\S* (pcs|pieces|units|sets|kits|pumps|valves|copies|boxes|pallets|tons|kg|pairs) ~5 (please|\?|asap|"
        "to|of)",
        r"(order|buy|purchase|need) \d\S* (more|units|pcs|pieces|additional)",
        "(your|the) (rates|fees|charges|prices|tariff) (for|of|per)",
        "(rough|approximate|ballpark) ~2 (idea|figure|number|cost|price|budget)",
        r"(price|pricing|quote) (on|for) ~2 \d\S*",
        "what is the damage",
        r"(custom|customised|customized|bespoke) ~3 (version|size|design|colou?r) ~2 \?",
        "(can|could) (it|this|they|these) be (made|customi[sz]ed|delivered|changed|produced|painted) ~6",
        "(stock|availability) of",
    ),
    EnquirySign.COMPARISON: rules(
        "(comparing|compare|compares|compared|comparison) !chart|table|page",
        "versus|vs",
        "(switch|switching|migrate|migrating|move|moving) (over|away)? from",
        "(replace|replacing) (our|the|an|a|my)",
        "alternatives? (to|for)",
        "(evaluating|considering|exploring) ~2 alternatives",
        "other (vendors|suppliers|providers|tools|products|quotes)",
        "(short-list|shortlist|shortlisted|short-listed|shortlisting)",
        "down to (you|two|three|a few)",
        "(one|two|three) other (vendors?|suppliers?|tools?|products?|options?)",
        "(talking|speaking) to ~2 (vendors|suppliers|competitors)",
    ),
    EnquirySign.INTEREST: rules(
        "<!for considering|evaluating|assessing|piloting|reviewing !(a career|a job)",
        "consider|evaluate|assess ~2 (your|you|product|tool|solution|software|platform|this)",
        "under (consideration|evaluation)",
        "in the (process|middle) of (selecting|choosing|evaluating|buying|purchasing)",
        "<!you <!your plan|plans|planned|planning (to|on) ~2 BUY",
        "<!you <!your plan|plans|planning|planned (a|an|the|our) ~2 (roll-out|rollout|introduction|purchase|"
        "implementation|deployment|pilot|launch|move|migration)",
        "<!you (want|wish|like|intend|going|looking|ready|need|keen|hoping|aim|aiming|prepared) to ~1 BUY "
        "!(more information|in touch|a job|some|information|the brochure|to know)",
        "budget ~4 (approved|available|allocated|secured|signed|ready|confirmed)",
        "(approved|allocated|secured|have|got) ~2 budget",
        r"(decided|decision|decide|choose|select|selecting|choosing) ~2 (to buy|on your|in q\d|by|this month|"
        "this quarter|next month|soon|before|you|a vendor|vendor)",
        "decision in",
        r"(replacement|rollout|roll-out|go-live|go live|implementation) ~4 (q\d|planned|scheduled|in|by|this|"
        "next|starts)",
        "(looking|look) at ~3 (again|seriously|buying|you|replacing|your)",
        "in the market for",
        "looking for ~3 (replacement|successor|alternative|alternatives)",
        "(serious|seriously) ~1 (about|considering|looking|interested)",
        "(green light|go-ahead|approval|sign-off) ~4 (to|for|from|given|received|done)",
        "(gave|got|have|given|received|obtained) ~2 (green light|go-ahead|go ahead|approval|sign-off|blessing)",
        "<!you to (buy|purchase|order|acquire) (a|an|the|new|one|two|three|your|it|more)",
        "(opening|starting|setting up) ~3 (site|plant|office|factory|branch|warehouse) ~9 need",
        "(replace|replacing|replacement of) ~5 (system|software|tool|crm|erp|machine|vendor|supplier|solution)",
        "(implementing|rolling|introducing) ~1 (out)? (a|an|your|the|new)",
        "(need|want) (a|an|the)? new (one|system|tool|machine|supplier|vendor|software|solution)",
        "if (the|our|your|a) (pilot|trial|test|poc) ~1 (is|goes|works|succeeds)",
        "(thinking|think) (of|about) (switching|buying|moving|replacing|getting|changing|using)",
        "(next|first) steps?",
        "(board|boss|management|ceo|director|committee|owner) (has|have)? ~1 (approved|agreed|signed|said yes)",
        "<!not (want|like|ready|decided|happy|wish) to (go ahead|proceed)",
        "(where|how) (do|can) (i|we) (sign|order|buy|purchase|subscribe)",
        "(first|top|preferred|favourite|favorite) (choice|option|pick|vendor|supplier|candidate)",
        "ready to (buy|order|purchase|sign|go|start|move|proceed)",
        "(would|will) sign",
        "(go|going) (ahead)? with (you|your)",
        "move forward",
        "(considering|consider) (you|your|yours|a|an|the|it|moving|buying)",
        "additional (seats|licen[cs]es|users)",
        "signed off",
        "(contract|licen[cs]e|lease) ~6 (runs out|ends|expires|is ending|is expiring|up for renewal|renewal)",
        "<!you need ~2 (replacement|new|successor|solution)",
        "looking at (yours|you|your)",
        "(have|has|got) a budget",
        "budget of",
        "(want|need|have|hope|plan|aim) to be (live|up|running)",
        "go-live|going live",
        "(purchase|buying|procurement) (decision|process|approved)",
        "(we|i) ~2 (decided|chose|chosen) ~1 (you|your)",
        "(move|moving|migrate) ~1 (away)? from",
        "(start|started|starting) (the)? (rollout|project|implementation|procurement)",
    ),
    EnquirySign.WISH: rules(
        "<!not (want|wants|need|needs|require|requires|looking for|interested in|like to use|in search of|searching "
        "for|after) !(to see|to know|to learn|more information|information|a brochure|documentation|a document|"
        "the brochure|some information|your brochure|info|to unsubscribe)",
        "would use",
        "(would like|want|wish) !(to (see|know|learn|hear|unsubscribe|receive|get|cancel|complain|talk|speak|"
        "ask|return|change))",
        "would love !(to (see|know|learn|hear|receive|get|talk|speak))",
        "(decision|start|starting|go-live) (in|by|on|this|next|asap)",
        "rollout|roll-out",
    ),
    EnquirySign.VAGUE: rules(
        "someday|eventually|sometime",
        "some day",
        "one day",
        "at some point",
        "in the (distant|far)? future",
        "maybe|perhaps|might|possibly|unsure",
        "not sure",
        "just (curious|browsing|looking)",
        "(only|just|still)? gathering information",
        "curious",
        "vague",
    ),
    EnquirySign.REFUSAL: rules(
        "not ~2 (interested|considering|planning|looking|buying|purchasing|evaluating|pursue|pursuing|proceed|"
        "proceeding|go ahead|be buying|move forward)",
        "(do|does|did|are|is|have|will) not ~1 (plan|intend|consider|considering|planning|need it|need this|"
        "need your|need anything|want it|have any plans|have a budget|have budget|buy)",
        "no (interest|plans?|intention|budget)",
        "no longer (interested|looking|considering)",
        "(decided|opted|chosen|chose) ~1 (against|not|another|to stay|to go with|to go for) !you|your",
        "(went|gone|going|go) (with|for) (another|a different|a competitor|someone|somebody|other)",
        "(happy|satisfied) with (it|our|the|what)",
        "no thanks|thank",
        "no longer (need|want|require|needed|required) !(to|a (call|demo|quote|meeting)|the (call|demo|quote))",
        "(going|go|went|heading|moving|gone) ~1 in ~2 direction",
        "(going|go|went|heading|moving|gone) (another|a different) (direction|way|route)",
        "(pulled|pull|pulling) the plug",
        "not have ~2 (budget|funds|money|funding) !yet",
        "found ~2 (cheaper|better|other) ~3 elsewhere",
        "(no longer|not) (a|an|our|the)? ~1 priority",
        "(told|asked|instructed) not to (spend|buy|purchase|invest)",
        "(management|board|boss|ceo|director|committee|finance|procurement|cfo) ~1 (said no|rejected|refused|declined|"
        "vetoed|blocked|turned)",
        "(build|built|develop|do|make|made) (it|this|one|that) ~1 (ourselves|in-house|internally)",
        "(project|deal|plan|initiative) is ~1 (dead|over|finished|off|cancelled|canceled|history)",
        "budget ~3 (cut|pulled|slashed|frozen|gone|withdrawn|rejected)",
        "no longer ~1 (in the market|buying|evaluating|pursuing)",
        "(bought|purchased|found|sourced|signed|gone|went|going) (it|one|this|them)? ~1 elsewhere",
        "(bought|ordered|purchased) ~1 from (someone|another|a different|somebody)",
        "(ended|ending) up (buying|choosing|going|signing|picking|selecting|with) !(with you|you)",
        "no (money|funds|funding|appetite) (for|to|left|available|this)?",
        "off the (table|cards)",
        "(fell|fallen|falling) through",
        "(not|never) ~2 (going to happen|happening|taking (this|it) (any)? further|go further)",
        "(called|calling|call) (it|this|the project|everything|the purchase) off",
        "(hold|holding|held) off",
        "(spending|purchasing|budget|buying|procurement) (freeze|stop)",
        "(is|was|been|are|got) (frozen|binned|scrapped|axed|shelved|killed)",
        "no ,? thanks|thank",
        "not for us",
        "(project|purchase|plan|plans|rollout|initiative) (has been|was|is|got|were)? ~1 (cancelled|canceled|"
        "shelved|stopped|postponed|dropped|off|put on hold|on hold)",
        "(cancelled|canceled|shelved|dropped|postponed|stopped) (the|our|this) (project|purchase|plan|plans|"
        "initiative)",
        "not (a|the right|right) ~1 (fit|priority|time)",
        "(chose|chosen|picked|selected|signed with|bought|went for) (a|another|an|different|someone|the) ~1 "
        "(competitor|other|vendor|product|solution|tool|supplier|else)",
        "(not|against) ~1 (to)? (proceed|proceeding|move|moving|go|going|pursue|continue|buy|purchase) (with|"
        "forward|ahead|any)?",
        "(rejected|declined|refused|cut|lost|no) (the|our|this|any)? ~1 (budget|funding|approval)",
        "dead for us",
        "all set",
        "found (something|someone|somebody|another|a different|a better) ~1 (else|supplier|vendor|tool|solution|one)?",
        "not what (we|i) (are|were|am|was) looking",
        "no from (us|me|our)",
        "(have|going|need|want) to decline",
        "(stay|staying|stick|sticking|remain) with (our|the|what) ~2 (current|existing|present|system|supplier|"
        "vendor|tool)?",
        "close (the|this|our|my) (enquiry|inquiry|request|ticket)",
        "do not need (this|it|that|your product|your service|any of)",
        "on hold|ice",
        "(does|will) not (work|fit|suit) (for)? (us|our|me)",
        "pass on this",
        "(already|just) (bought|purchased|have a|use a|signed)",
        "in-house instead",
        "will pass",
    ),
    EnquirySign.QUESTION: rules(
        r"PRODUCT ~9 \?",
        "(interesting|great|nice|interested) ~2 (product|tool|software|platform)",
        "(interested|interest) in",
        "company of",
        "too expensive",
        "(question|questions) (about|regarding|on) ~3 PRODUCT",
        "difference between",
        "(learn|know|tell|hear|understand) ~2 more",
        "gathering information",
        "(just|only) (browsing|looking|curious)",
        "(currently|already|still)? (use|using) ~3 (tool|excel|spreadsheets|system|solution|software|competitor)",
        "our needs",
        "does (it|your|the) ~8",
        "quote|quotation",
        "consider (it|you|your|this)",
        "concept|idea is (interesting|great|nice)",
        r"(can|could|do|does|will|would) (i|we|it) ~4 (use|work|connect|export|import|integrate|run|scale|fit) ~6 \?",
        r"how (is|does|do) (your|the|it) ~6 \?",
        "(data|servers?) ~2 (stored|hosted|located|encrypted)",
        "typical customer",
        "later this|next year",
        "(would|does) it work ~6",
        "competitor|competitors",
    ),
}

# "Never contact us again", however much else is asked for beside it ...
FORBIDS = rules(
    "<!you|they|he|she|we|i|has|have|had|nobody|will never ~1 (contact|call|phone|ring|e-?mail|message|text|bother|"
    "write|reach|approach) (to|out to)? (me|us|our|my|again) !(back !again)",
    "not ever ~1 (contact|call|phone|e-?mail|message|text|bother) (me|us|our|my|again)",
    "<!why|they|we|i (do|please) not ~1 (contact|message|bother|spam|approach) (me|us|our|my) "
    "!(~4 (by|via|on|at) CHANNEL|my|our|mobile)",
    "<!why|they|we|i (do|please) not ~1 contact $",
    "(do|please) not ~1 (contact|call|phone|ring|e-?mail|message|text|write|approach) ~4 "
    "(again|anymore|any more|any longer|ever)",
    "stop ~1 (contacting|calling|e-?mailing|phoning|messaging|texting|spamming|bothering|harassing|pestering) "
    "(me|us|our|my|this|$)",
    "stop (sending|mailing) ~3 (MAILINGS|me|us)",
    "(remove|delete|take|drop|strike) ~1 (me|us|my|our|this) ~5 (off|from) ~4 (lists?|mailing-list|mailing|mailings|"
    "database|newsletters?|e-?mails|distribution|records|crm)",
    "unsubscribe (me|us|my|our|this|please|immediately|now|from|$)",
    "(please|want|like|wish|can|could|do|to) (i|you|we|to)? ~1 unsubscribe (me|us|my|our|this|from|$)",
    "opt (me|us) out",
    "(want|like|wish) to opt out",
    "leave (me|us) alone",
    "(contact|call|bother|e-?mail) (me|us) no more",
    "(not|never|longer) ~2 (want|wish|like|care) to (be (contacted|called|e-?mailed|approached)|hear from (you|your)|"
    "(receive|get) ~3 MAILINGS)",
    "not want (you|anyone|anybody|your ~1) to (contact|call|e-?mail) (me|us)",
    "cease ~2 (contact|contacting|communication|communications)",
)
# ... and what only says by which way not, where something else is asked for.
FORBIDS_ALONE = rules(
    "<!why|they|we|i (do|please) not ~1 (call|phone|ring|e-?mail) (me|us|$|,|!)",
    "<!you|they|he|she|we|i|has|have|had|nobody|will never ~1 (call|phone|ring)",
    "no (further|more) (contact|MAILINGS)",
)
# No ban: a way that is wished for instead ...
SPARES = rules(
    "(CHANNEL|call|calls) (is|are|would be|will be|works?) ~1 "
    "(fine|ok|okay|better|best|preferred|enough|good|great|me)",
    "<!not|never (reply|respond|answer|reach|write|send|contact|communicate) ~4 (by|via|per|through) CHANNEL",
    "(just|only|rather|instead|please|,) (e-?mail|mail|text|write|message|call) (me|us|the|a|to|instead|only)",
    "<!not|never (e-?mail|mail|text|write|message|call) (me|us)? ~3 (instead|rather)",
    "prefer ~3 CHANNEL",
    "(by|via) CHANNEL (only|please|instead)",
)
# ... a time only, somebody else, or whoever it may concern.
LIMITS = rules(
    "(until|till|before|after|today|tomorrow|tonight|week|weekend|weekends|morning|mornings|afternoon|afternoons|"
    r"evening|evenings|while|during|yet|vacation|holidays?|\w+day|\w+days|between|month|except|unless|without|about)",
    "on ~1 (leave|vacation|holiday|sabbatical)",
    "if (you|they|customers|users|people|recipients) ~2 (not|rather|prefer|wish|want|like|longer|no)",
    "(click|link|button|feature|option|page|users|customers|recipients|subscribers|prospects|people|footer)",
    "reply (with|to)? ~1 unsubscribe|stop",
    "(lets?|allows?) ~3 unsubscribe",
)
# Says "it" of what was named before.
MEANS_IT = rules("(need|want|require|cancel|ignore|disregard|forget) (it|that|one|this|them) !(to|for|by|in|on|with)")
