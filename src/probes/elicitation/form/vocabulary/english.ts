/** English, and the words that all languages took from it: PIN, token, API key, IBAN, CVV. */

import { doubtful, type Grammar, type Noun, nouns, words } from './language.js';

/** A PIN that is a place: the postal code of India, which forms of addresses call so, a marker on a map, a leg of a chip. */
const OTHER_PINS =
  /postal pin|gpio|arduino|raspberry|esp32|breadboard|microcontroller|\bboard\b|\bmaps?\b|\bmarker|\blocation\b|drop(?:ped)? (?:a )?pin|\bpin (?:this|the|a) \w+|\w+ to pin\b|\bpinned\b|pinterest|\btweet|bowling|\blapel/u;
/** A token that is a piece of text, a currency, a place in a list or a colour. */
const OTHER_TOKENS =
  /ticker|\bsymbol|erc ?(?:20|721)|crypto|\bcoins?\b|blockchain|on chain|\bswap|\busd[ct]\b|\bnft|staking|governance|\bdefi\b|\bcursor\b|\bpage token|next page|pagination|\bcss\b|design system|\bdesign token|vocabular|tokeni[sz]er|\bllm\b|language model|\bboard game|arcade|\bid of the token/u;
const OTHER_SECRETS =
  /secret santa|secret (?:name|manager|store|path|engine)|name of the secret|kubernetes|\bk8s\b|\bvault\b|recipe|ingredient/u;
const OTHER_CARDS =
  /loyalty|librar(?:y|ies)|membership|member|frequent|business cards?|trello|\bboard\b|reward|points|student|visiting|postcard|index card|flash ?cards?|last (?:4|four)/u;
const OTHER_CONFIRMATIONS =
  /booking|reservation|flight|airline|hotel|itinerary|order|appointment|\bpnr\b|ticket|shipment|delivery/u;
const OTHER_CREDENTIALS =
  /professional|academic|\bdegree|licen[sc]ed|\bm\.?d\.?\b|qualification|speaker|author/u;
const COUNTED_WORDS = /summar|describe|pitch|headline|slogan|essay/u;
const COLOURS = /colou?r|\bred\b|\bwhite\b|\bblack\b|\bbrown\b|skin|leather|\bhue\b|fabric|tangent|\bsin\b/u;

export const ENGLISH: readonly Noun[] = [
  ...nouns('en', {
    password:
      'pass ?words?|pass ?wd|passw?rd|pass?wrd|psswrd|pasword|passwrod|passwor|pwds?|pw|pass ?phrases?|pass ?codes?|pass ?keys?|(?:log ?in|sign ?in|account|admin|database|db|user|bank(?:ing)?|aws|cloud|ssh|smtp|ftp|service) credentials?|connection strings?|pre ?shared keys?|(?:wi ?fi|wpa2?|wlan|network) (?:key|pass)|card pins?|(?:atm|sim|debit|bank|upi|account|login|security|secret|personal|phone|device|banking|4 digit|four digit|6 digit|six digit) pins?(?: codes?| numbers?)?|unlock codes?',
    token:
      '(?:github|gitlab|git ?hub|bitbucket|azure|azure devops|your) pats?|(?:access|auth|authentication|authori[sz]ation|bearer|refresh|session|identity|id|oauth2?|oauth 2(?: 0)?|(?:personal )?(?:access )?api|bot|security|secret|service|deploy|deployment|log ?in|jwt|sso|webhook|registration|admin|github|gitlab|slack|discord|notion|telegram|npm|pypi|vault|hub|cloudflare|account|private|personal access|project access|user access|long lived|web) tokens?|bearer|jwts?|session cookies?|(?:auth|log ?in|authentication) cookies?|cookie (?:header|value)s?|(?:client|app|application|shared|webhook|signing|oauth|consumer|jwt|cookie|session|totp|hmac|api|account) secrets?|authori[sz]ation header',
    'api-key':
      'api ?keys?|api pass(?:word)?|(?:secret |shared )?access keys?|secret ?(?:access ?|api ?)?keys?|service role keys?|(?:sas|shared access) (?:keys?|tokens?|signatures?)|storage (?:account )?keys?|master keys?|(?:app|application|consumer|auth|authentication|authori[sz]ation|integration|server|service|account|subscription|developer|admin|webhook|openai|anthropic|stripe|sendgrid|datadog) (?:secret )?(?:api )?keys?|api (?:secrets?|credentials?)|live secret',
    'private-key':
      'private (?:ssh |pgp |gpg |rsa |wallet |signing |host )?keys?|(?:signing|encryption|decryption|hmac) keys?|service account (?:keys?|json)(?: file)?|pem encoded key|begin (?:rsa |ec |openssh )?private key|key ?store file',
    'payment-card':
      '(?:credit|debit|payment|bank|visa|mastercard|amex|american express|gift|charge|prepaid)(?: or debit)? ?cards? ?(?:numbers?|nos?|num|details?|info(?:rmation)?|data|credentials?)|(?:credit|debit|payment) ?cards?|cc ?(?:numbers?|nums?|no)|card (?:details|data|info(?:rmation)?|verification (?:code|value|number)|security (?:codes?|numbers?)|expir(?:y|ation)(?: date)?|validation code)|expir(?:y|ation) date (?:of|on) (?:your|the) card|cvv ?2?(?: codes?| numbers?)?|cvc ?2?(?: codes?| numbers?)?|security code on the (?:back|front)|(?:3|three) digits on the back',
    'bank-account':
      'iban|bank account (?:numbers?|details?|no)|(?:checking|savings|current) account numbers?|routing numbers?|sort code|aba number|bank(?:ing)? details?',
    'one-time-code':
      'one time (?:pass ?)?(?:codes?|words?|pins?)|one time passwords?|single use codes?|otps?(?: codes?)?|totp(?: codes?)?|(?:2fa|mfa)(?: codes?| tokens?)|2 ?step (?:verification )?codes?|(?:two|2|multi) factor (?:authentication )?(?:codes?|tokens?)|(?:authentication|authenticator|authenticator app|verification|sms|log ?in|sign ?in|access|security|auth|authori[sz]ation|reset|email|e mail|text|device|passwordless|backup login) codes?|(?:4|5|6|7|8|four|five|six|seven|eight) digit (?:security |verification )?codes?|codes? (?:that )?(?:we|i) (?:have |ve )?(?:just )?(?:sent|texted|emailed|mailed)|codes? (?:sent|texted|emailed|received|from|in|shown (?:in|by|on)|displayed (?:in|by|on)) (?:to |by |via |in |on )?(?:you|your|the|a|an)? ?(?:phone |mobile )?(?:authenticator|authentication|text|sms|email|e mail|mail|inbox|phone|mobile|security key|google authenticator)|(?:text|sms) message code',
    'national-id':
      'ssn|social security (?:numbers?|no)|social insurance numbers?|national insurance numbers?|national id(?:entity)?(?: card)?(?: numbers?)?|(?:government|state) id numbers?|passport (?:numbers?|no)|driver ?s? ?licen[cs]e (?:numbers?|no)|driving licen[cs]e numbers?|aadhaar(?: card)?(?: numbers?)?|pan card(?: numbers?)?|itin|(?:identity|id) card numbers?',
    'recovery-phrase':
      '(?:seed|recovery|mnemonic|backup|wallet|secret recovery) ?(?:phrases?|words?|seeds?)|(?:12|24|twelve|twenty four) word (?:recovery |seed |secret )?(?:phrases?|seeds?|mnemonics?)|wallet seed|recovery (?:codes?|keys?)|backup codes?|scratch codes?|emergency codes?',
    'security-answer':
      '(?:security|secret) (?:question )?answers?|answers? (?:to|for) (?:your |the |my |a )?(?:secret|security) questions?|mother s maiden names?|mothers maiden names?|maiden name of your mother|(?:name of )?your first pet(?: s name)?|first pet s name|memorable (?:word|information)',
  }),
  doubtful('en', 'password', 'pins?(?: codes?| numbers?)?|pincodes?', OTHER_PINS),
  doubtful(
    'en',
    'token',
    'cookies?',
    /accept|consent|banner|preferences|biscuit|bak(?:e|ing)|chocolate|recipe|fortune/u,
  ),
  doubtful(
    'en',
    'private-key',
    'kube ?config|client key data|id (?:rsa|ed25519)(?! pub)',
    /\bpath\b|\bcontext\b|location|which file|\bpub\b/u,
  ),
  doubtful('en', 'password', 'credentials?', OTHER_CREDENTIALS),
  doubtful('en', 'token', 'token', OTHER_TOKENS),
  doubtful(
    'en',
    'token',
    'session ids?',
    /conference|\btalks?\b|workshop|training|\btrack\b|\bchat\b|class|attend|webinar|speaker/u,
  ),
  doubtful('en', 'token', 'secrets?', OTHER_SECRETS),
  doubtful('en', 'payment-card', 'card (?:numbers?|no|num)|pan', OTHER_CARDS),
  doubtful('en', 'one-time-code', 'confirmation codes?', OTHER_CONFIRMATIONS),
  doubtful('de', 'one-time-code', 'tans?(?: nummer| code)?', COLOURS),
  doubtful(
    'en',
    'recovery-phrase',
    '(?:your|the|all|these) (?:12|24|twelve|twenty four) words',
    COUNTED_WORDS,
  ),
  doubtful('en', 'recovery-phrase', 'mnemonics?', /memory aid|remember|learn|study|acronym/u),
];

export const ENGLISH_GRAMMAR: Grammar = {
  ask: words(
    'enter entering type typing input provide providing supply supplying give giving paste pasting submit submitting send sending tell share sharing confirm verify reenter retype repeat insert fill write specify need needs require requires requiring want wants reply respond disclose reveal put add include upload copy key state dictate say authenticate drop forward hand message ping tell text',
  ),
  askAfter: words('required needed necessary please here below again pls'),
  not: words(
    'never no not dont doesnt wont cannot cant without shouldnt mustnt neither nor didnt isnt arent avoid excluding except',
  ),
  link: words(
    'for of to about regarding from behind with via by in on at under per where which when why how whether if because while whose who before after until into as between than that against instead unless using',
  ),
  keep: words(
    'value values content contents text copy confirm confirmation sign signin log login authenticate unlock ask asks asking prompt field input box digits characters letters part rest combination verify answer copied reply respond looking',
  ),
  mention: words(
    'reset resetting resets change changing changed rotate rotating rotated revoke revoking delete deleting remove removing disable disabling create creating generate generating list listing rename renaming manage managing store stores stored storing save saves saved saving see sees seen use uses used expire expires protect protects forgot forget forgotten remember lost encrypt encrypts hash logs had hold holds count issue issued mint view find check update updating inspect scan detect detected leak leaked leaking compromised show shows hide read reads named called accept accepts support supports choose chose set sets select pick whether ask like prefer test hashed will did does do email emailed sent',
  ),
  aspect: words(
    'name names label labels title policy policies length count counts limit limits budget usage type types kind format expiry expiration expires expire expired expiring ttl lifetime duration age ages rotation rotations rotate strength rule rules requirement requirements manager managers vault vaults store stores storage path paths location column columns hint hints reset resets change changes scope scopes permission permissions id ids identifier owner owners description prefix prefixes suffix variable variables env endpoint url uri provider providers option options method methods mode status state version fingerprint algorithm holder reminder reminders protected protection authentication auth page screen generator entropy encoding symbol contract price amount balance economy supply decimals standard ring style flow grant grants stored saved used alias arn created audience issuer claim claims rate rates quota cost costs usage window ids bucket group recovery attempts attempt retries complexity history field fields management based settings setting support supported list reference references ref lookup visibility leak leaks scan scanning exposure inventory category brand network networks theme layout number_format days revoked rotated leaked compromised accepted accepting reader design less free managers per processing processor processors issuers sharing delivery channel',
  ),
  condition: words('if unless until otherwise when'),
};
