/** The forms in which providers issue their secrets, each recognisable wherever it stands. */

/** Whether the text holds a secret in a format that its provider made recognisable. Identifiers meant to be public (`pk_live_`, `sq0idp-`, `ca_`) are none. */
export function holdsKnownFormat(text: string): boolean {
  return FORMATS.some((format) => format.test(text));
}

/** Whether the text holds a JSON Web Token, signed (three parts) or encrypted (five). */
export function holdsJwt(text: string): boolean {
  const head = /(?:^|[^\w-])(eyJ[\w-]{8,})\.[\w-]*\.[\w-]*/.exec(text)?.[1];
  if (head === undefined) return false;
  return /"(?:alg|enc|typ)"\s*:/.test(Buffer.from(head.slice(0, 4096), 'base64url').toString('latin1'));
}

/** Stands before each format, so that none is found in the middle of another value. */
const START = '(?:^|[^A-Za-z0-9_-])';

const FORMATS: readonly RegExp[] = [
  'sk-(?:proj-|svcacct-|admin-|ant-\\w+-|or-v1-)?[\\w-]{20,}', // OpenAI, Anthropic, OpenRouter
  '(?:sk|rk)_(?:live|test)_[A-Za-z0-9]{16,}', // Stripe
  'whsec_[A-Za-z0-9+/]{20,}',
  'gh[pousr]_[A-Za-z0-9]{30,}', // GitHub
  'github_pat_\\w{22,}',
  'gl(?:pat|dt|rt|ptt|soat|cbt|oas|ft|imt|agent)-[\\w-]{18,}', // GitLab
  'xox[abceoprs]-[A-Za-z0-9-]{10,}', // Slack
  'xapp-\\d-[A-Za-z0-9-]{10,}',
  '(?:AKIA|ASIA|AROA|ABIA|ACCA)[A-Z0-9]{16}(?![A-Za-z0-9])', // AWS
  'AIza[\\w-]{30,}', // Google
  'ya29\\.[\\w-]{20,}',
  '1//0[\\w-]{30,}',
  'GOCSPX-[\\w-]{20,}',
  'npm_[A-Za-z0-9]{30,}',
  'pypi-AgE[\\w-]{20,}',
  'do[opr]_v1_[0-9a-f]{40,}', // DigitalOcean
  'hf_[A-Za-z0-9]{30,}', // Hugging Face
  'lin_(?:api|oauth)_[A-Za-z0-9]{30,}', // Linear
  '(?:secret|ntn)_[A-Za-z0-9]{40,}', // Notion
  'SG\\.[\\w-]{16,}\\.[\\w-]{30,}', // SendGrid
  'sq0(?:atp|csp)-[\\w-]{20,}', // Square
  'shp(?:at|ca|pa|ss)_[0-9a-f]{30,}', // Shopify
  'pat[A-Za-z0-9]{14}\\.[0-9a-f]{60,}', // Airtable
  'fig[dou]_[\\w-]{30,}', // Figma
  'dapi[0-9a-f]{32}', // Databricks
  'hv[sbr]\\.[\\w-]{20,}', // Vault
  'ATATT3[\\w-]{30,}', // Atlassian
  'ATCTT3[\\w-]{30,}',
  'xkeysib-[0-9a-f]{40,}', // Brevo
  'key-[0-9a-f]{32}(?![0-9a-f])', // Mailgun
  'r8_[A-Za-z0-9]{30,}', // Replicate
  'sbp_[0-9a-f]{40}', // Supabase
  'dp\\.(?:pt|st|ct)\\.[A-Za-z0-9.]{30,}', // Doppler
  'pul-[0-9a-f]{40}', // Pulumi
  'nfp_[A-Za-z0-9]{30,}', // Netlify
  'ph[xc]_[A-Za-z0-9]{30,}', // PostHog
  'EAACEdEose0cBA\\w+', // Facebook
  'bot\\d{8,10}:[\\w-]{30,}', // Telegram
  '-----BEGIN [A-Z ]*PRIVATE KEY',
].map((format) => new RegExp(START + format));
