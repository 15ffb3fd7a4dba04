/** URLs a user may well be asked to open, as the services document them: none may be taken for anything bad. Written from public documentation; every identifier is made up. */

export interface LegitimateUrl {
  readonly service: string;
  readonly url: string;
  /** The origin a security team would have reviewed for it. */
  readonly reviewed: string;
}

const STATE = 'state=h2KXvhUxKBwzC9tZ0cN1WlYr4eJq7sGd';
const CALLBACK = 'redirect_uri=https%3A%2F%2Fmcp.example.com%2Foauth%2Fcallback';
const PKCE = 'code_challenge=E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM&code_challenge_method=S256';

const authorize = (service: string, base: string, query: string): LegitimateUrl => ({
  service,
  url: `${base}?${query}${query === '' ? '' : '&'}response_type=code&${CALLBACK}&${STATE}`,
  reviewed: new URL(base).origin,
});

const page = (service: string, url: string): LegitimateUrl => ({
  service,
  url,
  reviewed: new URL(url).origin,
});

/** OAuth authorization requests. The redirect leads to the server that asks, on another site: that is how OAuth works. */
const AUTHORIZATION: readonly LegitimateUrl[] = [
  authorize(
    'GitHub',
    'https://github.com/login/oauth/authorize',
    `client_id=Iv1.8a61f9b3a7aba766&scope=repo%20read%3Auser&${PKCE}`,
  ),
  authorize(
    'Google',
    'https://accounts.google.com/o/oauth2/v2/auth',
    `client_id=407408718192-k3j9v2h1p8s7d6f5g4.apps.googleusercontent.com&scope=https%3A%2F%2Fwww.googleapis.com%2Fauth%2Fcalendar.readonly%20openid%20email&access_type=offline&include_granted_scopes=true&prompt=consent&nonce=n-0S6_WzA2Mj`,
  ),
  authorize(
    'Microsoft, common',
    'https://login.microsoftonline.com/common/oauth2/v2.0/authorize',
    `client_id=6731de76-14a6-49ae-97bc-6eba6914391e&response_mode=query&scope=https%3A%2F%2Fgraph.microsoft.com%2Fmail.read%20offline_access&${PKCE}`,
  ),
  authorize(
    'Microsoft, one tenant',
    'https://login.microsoftonline.com/4f1c2a7e-9b3d-4c58-8e21-7d6a5b4c3f20/oauth2/v2.0/authorize',
    'client_id=6731de76-14a6-49ae-97bc-6eba6914391e&scope=User.Read&domain_hint=organizations',
  ),
  authorize(
    'Slack',
    'https://slack.com/oauth/v2/authorize',
    'client_id=3336676.569200954261&scope=chat%3Awrite%2Cchannels%3Aread&user_scope=identity.basic',
  ),
  authorize(
    'Stripe Connect',
    'https://connect.stripe.com/oauth/authorize',
    'client_id=ca_FkyHCg7X8mlvCUdMDao4mMxagUfhIwXb&scope=read_write',
  ),
  authorize(
    'Atlassian',
    'https://auth.atlassian.com/authorize',
    'audience=api.atlassian.com&client_id=pLmYtBk3QwErTyUiOpAsDfGhJkLzXcVb&scope=read%3Ajira-work%20offline_access&prompt=consent',
  ),
  authorize(
    'Notion',
    'https://api.notion.com/v1/oauth/authorize',
    'client_id=463558a3-725e-4f37-b6d3-0889894f68de&owner=user',
  ),
  authorize(
    'Linear',
    'https://linear.app/oauth/authorize',
    'client_id=d6c4f0e2a7b94f0e8d1c3b5a69788796&scope=read%2Cwrite&actor=app&prompt=consent',
  ),
  authorize(
    'Dropbox',
    'https://www.dropbox.com/oauth2/authorize',
    `client_id=l9v3j2k8x7q1w5z&token_access_type=offline&${PKCE}`,
  ),
  authorize(
    'Box',
    'https://account.box.com/api/oauth2/authorize',
    'client_id=ly1nj6n11vionaie65emwzk575hnnmrk',
  ),
  authorize(
    'Salesforce',
    'https://login.salesforce.com/services/oauth2/authorize',
    'client_id=3MVG9lKcPoNINVBIPJjdw1J9LLM82HnFVVX19KY1uA5mu0QqEWhqKpoW3svG3XHrXDiCQjK1mdgAvhCscA9GE&scope=api%20refresh_token&prompt=login',
  ),
  authorize(
    'HubSpot',
    'https://app.hubspot.com/oauth/authorize',
    'client_id=7fff1e36-2d40-4ae1-bbb1-5266d59564fb&scope=crm.objects.contacts.read&optional_scope=content',
  ),
  authorize(
    'Okta',
    'https://acme.okta.com/oauth2/v1/authorize',
    `client_id=0oabucvyc38HLL1ef0h7&scope=openid%20profile&nonce=52b839be-3b79-4d09-a933-ef04bd34491f&${PKCE}`,
  ),
  authorize(
    'Auth0',
    'https://acme.eu.auth0.com/authorize',
    `client_id=EnCTSAX8z2Yx9bQ4rT6uVwJkLmNpRsTd&audience=https%3A%2F%2Fapi.acme.example%2F&scope=openid%20offline_access&connection=google-oauth2&${PKCE}`,
  ),
  authorize(
    'Keycloak',
    'https://sso.example.org/realms/engineering/protocol/openid-connect/auth',
    'client_id=mcp-server&scope=openid&kc_idp_hint=github&ui_locales=de&nonce=3Zp6vR0sQxT9',
  ),
  authorize(
    'GitLab',
    'https://gitlab.com/oauth/authorize',
    'client_id=4ac8d6f3b2e1a09f7c5d4e3b2a1908f7e6d5c4b3a29180f7e6d5c4b3a2918070&scope=read_api',
  ),
  authorize('Bitbucket', 'https://bitbucket.org/site/oauth2/authorize', 'client_id=Zt6vXc8bNmQ2wErTyU'),
  authorize(
    'Discord',
    'https://discord.com/oauth2/authorize',
    'client_id=157730590492196864&scope=identify%20guilds.join&prompt=consent&permissions=268435456',
  ),
  authorize(
    'LinkedIn',
    'https://www.linkedin.com/oauth/v2/authorization',
    'client_id=77vmx1q9k3z8p2&scope=openid%20profile%20w_member_social',
  ),
  authorize('Zoom', 'https://zoom.us/oauth/authorize', 'client_id=5S3IvX2RQ9eZkq1pTbLh7A'),
  authorize('Asana', 'https://app.asana.com/-/oauth_authorize', 'client_id=753482910&scope=default'),
  authorize('Figma', 'https://www.figma.com/oauth', 'client_id=Qz8mW3nR5tYv&scope=file_content%3Aread'),
  authorize(
    'Airtable',
    'https://airtable.com/oauth2/v1/authorize',
    `client_id=98b4e2d1-7c3a-4f6e-a5d9-1b2c3d4e5f60&scope=data.records%3Aread&${PKCE}`,
  ),
  authorize(
    'Spotify',
    'https://accounts.spotify.com/authorize',
    `client_id=5fe01282e44241328a84e7c5cc169165&scope=user-read-private&show_dialog=true&${PKCE}`,
  ),
  authorize(
    'Twitch',
    'https://id.twitch.tv/oauth2/authorize',
    'client_id=hof5gwx0su6owfnys0nyan9c87zr6t&scope=channel%3Amanage%3Apolls&force_verify=true',
  ),
  authorize(
    'Facebook',
    'https://www.facebook.com/v19.0/dialog/oauth',
    'client_id=1409876543210987&scope=email%2Cpublic_profile&auth_type=rerequest',
  ),
  authorize(
    'Apple',
    'https://appleid.apple.com/auth/authorize',
    'client_id=com.example.mcp.web&scope=name%20email&response_mode=form_post&nonce=b9f1c7a2',
  ),
  authorize(
    'Login with Amazon',
    'https://www.amazon.co.uk/ap/oa',
    'client_id=amzn1.application-oa2-client.8b6d5e4f3c2b1a09876543210fedcba9&scope=profile',
  ),
  authorize(
    'X',
    'https://x.com/i/oauth2/authorize',
    `client_id=M1M5R3BMVy13QmpScXkzTUt5OE46MTpjaQ&scope=tweet.read%20users.read&${PKCE}`,
  ),
  authorize(
    'Reddit',
    'https://www.reddit.com/api/v1/authorize',
    'client_id=p-jcoLKBynTLew&duration=permanent&scope=identity',
  ),
  authorize(
    'Square',
    'https://connect.squareup.com/oauth2/authorize',
    'client_id=sq0idp-Qw3rTy7uIoP9aSdFgHjKlZ&scope=MERCHANT_PROFILE_READ&session=false',
  ),
  authorize(
    'QuickBooks',
    'https://appcenter.intuit.com/connect/oauth2',
    'client_id=Q0JAbkLmNoPqRsTuVwXyZ123456&scope=com.intuit.quickbooks.accounting',
  ),
  authorize(
    'Xero',
    'https://login.xero.com/identity/connect/authorize',
    'client_id=0F3A8C1E5D7B49628E4C1A9D3B5F7062&scope=accounting.transactions%20offline_access',
  ),
  authorize(
    'Zendesk',
    'https://acme.zendesk.com/oauth/authorizations/new',
    'client_id=mcp_integration&scope=read%20write',
  ),
  authorize(
    'DocuSign',
    'https://account-d.docusign.com/oauth/auth',
    'client_id=7c2b8d7e-83c3-4940-af5e-cda8a50dd73f&scope=signature%20impersonation',
  ),
  authorize(
    'Shopify',
    'https://acme-outdoor.myshopify.com/admin/oauth/authorize',
    'client_id=5e8b7a6c4d3f2e1a0b9c8d7e6f5a4b3c&scope=read_orders&grant_options%5B%5D=per-user',
  ),
  authorize(
    'Zoho, Europe',
    'https://accounts.zoho.eu/oauth/v2/auth',
    'client_id=1000.GMB0YULZHJK411248S8I5GZ4CHUEX0&scope=ZohoCRM.modules.READ&access_type=offline',
  ),
  authorize(
    'Cloudflare',
    'https://dash.cloudflare.com/oauth2/auth',
    `client_id=54d11594-84e4-41aa-b438-e81b8fa78ee7&scope=account%3Aread&${PKCE}`,
  ),
  authorize(
    'DigitalOcean',
    'https://cloud.digitalocean.com/v1/oauth/authorize',
    'client_id=9f2c4e6a8b0d1f3e5a7c9b1d3f5e7a9c1b3d5f7e9a1c3b5d7f9e1a3c5b7d9f1e&scope=read',
  ),
  authorize(
    'Yahoo',
    'https://api.login.yahoo.com/oauth2/request_auth',
    'client_id=dj0yJmk9ak5jM2VoN2RtT2lIJmQ9WVdrOVZtNXFkMU0&language=en-us',
  ),
  authorize('Mailchimp', 'https://login.mailchimp.com/oauth2/authorize', 'client_id=635959587059'),
  authorize('ClickUp', 'https://app.clickup.com/api', 'client_id=KX8P3QZ7M2V9B4N6T1R5Y0W'),
  authorize(
    'client with a metadata document',
    'https://auth.example.net/authorize',
    `client_id=https%3A%2F%2Fmcp.example.com%2Fclient.json&resource=https%3A%2F%2Fapi.example.net%2F&scope=tools&${PKCE}`,
  ),
  authorize(
    'Cognito',
    'https://acme.auth.eu-central-1.amazoncognito.com/oauth2/authorize',
    'client_id=1example23456789abcdefghij&scope=openid%2Bprofile&identity_provider=Google',
  ),
  {
    service: 'pushed authorization request (RFC 9126)',
    url: 'https://as.example.net/authorize?client_id=s6BhdRkqt3&request_uri=urn%3Aietf%3Aparams%3Aoauth%3Arequest_uri%3A6esc_11ACC5bwc014ltc14eY22c',
    reviewed: 'https://as.example.net',
  },
  {
    service: 'signed authorization request (RFC 9101)',
    url: 'https://as.example.net/authorize?client_id=s6BhdRkqt3&request=eyJhbGciOiJSUzI1NiIsImtpZCI6ImsyYmRjIn0.eyJpc3MiOiJzNkJoZFJrcXQzIiwiYXVkIjoiYXMiLCJzY29wZSI6Im9wZW5pZCJ9.MEYCIQDq4x7kLm2Qe9vWbT0pZ3sYc8nUg5hXfJ1rA6oKdE',
    reviewed: 'https://as.example.net',
  },
  {
    service: 'Trello',
    url: 'https://trello.com/1/authorize?expiration=30days&name=Acme%20Planner&scope=read&response_type=token&key=8b32218e6887516d17c84253faf967b6&callback_method=fragment&return_url=https%3A%2F%2Fmcp.example.com%2Ftrello',
    reviewed: 'https://trello.com',
  },
  {
    service: 'OAuth 1.0a, X',
    url: 'https://api.x.com/oauth/authenticate?oauth_token=Z6eEdO8MOmk394WozF5oKyuAv855l4Mlqo7hhlSLik',
    reviewed: 'https://api.x.com',
  },
];

/** Devices, payments, consent, signing, identity checks. */
const PAGES: readonly LegitimateUrl[] = [
  page('GitHub, device', 'https://github.com/login/device'),
  page('GitHub, device with code', 'https://github.com/login/device?user_code=WDJB-MJHT'),
  page('Microsoft, device', 'https://microsoft.com/devicelogin'),
  page('Google, device', 'https://www.google.com/device?user_code=GQVQ-JKEC'),
  page('Auth0, device', 'https://acme.eu.auth0.com/activate?user_code=QTZL-MCBW'),
  page('Okta, device', 'https://acme.okta.com/activate?user_code=LDFCTXJD'),
  page('AWS, device', 'https://device.sso.eu-west-1.amazonaws.com/?user_code=SPNB-NVKN'),
  // The id of a Checkout session lets its holder pay with a card of his own; it signs nobody in and is made to be sent to the customer.
  page(
    'Stripe Checkout',
    'https://checkout.stripe.com/c/pay/cs_live_a1Hn3QmVx8Yz2Kc5Wt7Br9Lp4Sd6Fg0Jv1Ne3Ru5Ty7Io9Pa2Sq4Dw6Gh#fidkdWxOYHwnPyd1blpxYHZxWjA0SDdPUW5JX0pNcUJ',
  ),
  page('Stripe, payment link', 'https://buy.stripe.com/test_14k5nI2kP9cD8bSdQQ'),
  page(
    'Stripe, invoice',
    'https://invoice.stripe.com/i/acct_1032D82eZvKYlo2C/live_YWNjdF8xMDMyRDgyZVp2S1lsbzJDLF9QNmVzM3dWZ0w0',
  ),
  page('PayPal', 'https://www.paypal.com/checkoutnow?token=5O190127TN364715T'),
  page('PayPal, sandbox', 'https://www.sandbox.paypal.com/checkoutnow?token=8MC585209K746392H'),
  page('GoCardless', 'https://pay.gocardless.com/billing/static/flow?id=BRF0002Q1WKVG5Z8D4XKJH7N'),
  page('Mollie', 'https://www.mollie.com/checkout/select-method/7UhSN1zuXS'),
  page('Adyen, pay by link', 'https://eu.adyen.link/PL6DB3157D27FFBBCF'),
  page('Klarna', 'https://pay.klarna.com/eu/hpp/payments/2OCkffK8vR6yNf0'),
  page(
    'Amazon Pay',
    'https://payments.amazon.de/checkout?amazonCheckoutSessionId=bd504926-f659-4ad7-a1a9-9a747aaf5275',
  ),
  page(
    'Square, checkout',
    'https://checkout.square.site/merchant/ML8M1AQ1GQG2K/checkout/XJ7VQYRDLQZZNDFWOUXOE3JV',
  ),
  page('Dropbox Sign', 'https://app.hellosign.com/sign/f9a5c8e7b6d4'),
  page(
    'Persona',
    'https://withpersona.com/verify?inquiry-template-id=itmpl_Ygs16MKTkA6obnF8C3Rb17dm&environment-id=env_9pQwErTyUi',
  ),
  page('Plaid, hosted link', 'https://secure.plaid.com/hl/lz9q0x4w8r2t6y1u3i5o'),
  page('GitHub App', 'https://github.com/apps/acme-deployer/installations/new?state=Zk3v9TqW7xR1mN5b'),
  page(
    'Vercel integration',
    'https://vercel.com/integrations/acme-mcp/new?state=Rk5p2LsX8vB3nQ7t&source=external',
  ),
  page(
    'Google, account chooser',
    'https://accounts.google.com/AccountChooser?continue=https%3A%2F%2Faccounts.google.com%2Fo%2Foauth2%2Fv2%2Fauth',
  ),
  page('Azure AD B2C', 'https://acme.b2clogin.com/acme.onmicrosoft.com/B2C_1_signin/oauth2/v2.0/logout'),
  page(
    'SAML, with its signature',
    'https://idp.example.edu/idp/profile/SAML2/Redirect/SSO?SAMLRequest=fZLBTuMwEIbvK%2B07RL7XcVJKN1YTVChoK7FLRMMeuCDjTMCS4yke&RelayState=ss%3Amem%3A6f1b2c3d4e5f60718293a4b5c6d7e8f9&SigAlg=rsa-sha256&Signature=Zm9vYmFyYmF6cXV4Q29ycmVjdEhvcnNlQmF0dGVyeVN0YXBsZQ%3D%3D',
  ),
  page(
    'consent of a server',
    'https://mcp.example.com/connect?elicitationId=550e8400-e29b-41d4-a716-446655440000',
  ),
  page('API key page of a server', 'https://mcp.example.com/ui/set_api_key'),
  page(
    'state protected by a signature',
    'https://mcp.example.com/connect?elicitationId=0f8b2c4e-6a1d-4b3f-9c7e-5d2a8b6f4e10&exp=1767225600&sig=Vb3nM9kLq2WxT5rYp8ZcD1sG',
  ),
  page(
    'consent challenge, Ory Hydra',
    'https://consent.example.com/consent?consent_challenge=7bb518c4eec2454dbb289f5fdb4c0ee2',
  ),
  page(
    'port',
    'https://sso.example.org:8443/realms/ops/protocol/openid-connect/auth/device?user_code=KXLW-PQRS',
  ),
  page(
    'documentation',
    'https://docs.github.com/en/apps/oauth-apps/building-oauth-apps/authorizing-oauth-apps#web-application-flow',
  ),
  page(
    'terms to accept',
    'https://www.example.co.uk/legal/terms-of-service/2026-01-15?lang=en-GB&accept=required',
  ),
  page('order', 'https://shop.example.com/orders/20260714-000123/confirm?step=2&currency=EUR'),
  page('feedback', 'https://www.surveymonkey.com/r/8K3LQZ7'),
  page('Typeform', 'https://acme.typeform.com/to/u6nXL7#source=mcp'),
  page('Calendly', 'https://calendly.com/acme-support/onboarding?month=2026-03'),
  page(
    'Google Forms',
    'https://docs.google.com/forms/d/e/1FAIpQLSfT0wQ3zR8kXv5nB7mY2cJ9hL4pD6gS1aE0uW8iO3tK5rM7qZ/viewform',
  ),
  page('internationalised, German', 'https://www.xn--mnchen-3ya.de/rathaus/anmeldung'),
  page('internationalised, as people write it', 'https://www.bücher.example.de/konto'),
  page('internationalised, French', 'https://www.xn--socit-esab.fr/connexion'),
  page('internationalised, Japanese', 'https://www.日本語ドメイン.jp/ログイン'),
  page('internationalised, Latin beside Japanese', 'https://auロゴ.jp/login'),
  page('internationalised, Russian', 'https://xn--e1afmkfd.xn--p1ai/вход'),
  page('internationalised, Russian, all lookalikes at home', 'https://рос.рф/'),
  page('internationalised, Greek', 'https://www.xn--jxaiu4a.gr/eisodos'),
  page('internationalised, Chinese', 'https://例子.中国/认证'),
  page('internationalised, Korean', 'https://한국.kr/login'),
  page('internationalised, Arabic', 'https://موقع.وزارة-الأتصالات.مصر/'),
  page('internationalised, Catalan', 'https://www.col·legi.cat/'),
  page('internationalised, Turkish', 'https://www.ısparta.com.tr/giris'),
  page('hosted on a shared platform', 'https://acme-mcp.pages.dev/consent?request=42'),
  page('emoji in a greeting', 'https://mcp.example.com/hello?text=%F0%9F%91%A9%E2%80%8D%F0%9F%92%BB%20ready'),
];

/** Written after the analysis and before it was run on them: of 55, one had a finding then (a token's name that read as a person's). */
const HELD_OUT: readonly LegitimateUrl[] = [
  'https://api.producthunt.com/v2/oauth/authorize?client_id=3e9b7c1a5d8f2046&redirect_uri=https://mcp.acme.dev/cb&response_type=code&scope=public+private&state=Qe7yU2pL',
  'https://auth.monday.com/oauth2/authorize?client_id=8f2d6b1c9e7a4305&state=aHR0cHM&redirect_uri=https%3A%2F%2Fmcp.acme.dev%2Fcb',
  'https://app.pipedrive.com/oauth/authorize?client_id=7b9f&redirect_uri=https%3A%2F%2Fmcp.acme.dev',
  'https://oauth.pipedrive.com/oauth/authorize?client_id=7b9fe31a2c4d5b60&state=1f3e5d7c9b2a4860&redirect_uri=https%3A%2F%2Fmcp.acme.dev%2Fcb',
  'https://miro.com/oauth/authorize?response_type=code&client_id=3458764513820540892&redirect_uri=https://mcp.acme.dev/cb&team_id=3458764512345678901',
  'https://www.canva.com/api/oauth/authorize?code_challenge_method=s256&response_type=code&client_id=OC-AYW8xbPqVxsd&redirect_uri=https%3A%2F%2Fmcp.acme.dev&scope=asset:read%20design:meta:read&code_challenge=yZkK3pJvHqRnXsWmTdBcFgLaOeUi1234567890AbCdE',
  'https://identity.fitbit.com/oauth2/authorize?client_id=ABC123&response_type=code&scope=activity+heartrate&code_challenge=E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM&code_challenge_method=S256',
  'https://www.strava.com/oauth/authorize?client_id=78912&response_type=code&redirect_uri=http://localhost/exchange_token&approval_prompt=force&scope=read',
  'https://secure.helpscout.net/authentication/authorizeClientApplication?client_id=5de2a7f4b1c90d368e&state=Xy7Zq',
  'https://app.intercom.com/oauth?client_id=9a8b7c6d-1234-4f5e-8a9b-0c1d2e3f4a5b&state=example',
  'https://www.pinterest.com/oauth/?client_id=1479321&redirect_uri=https://mcp.acme.dev&response_type=code&scope=boards:read,pins:read',
  'https://id.heroku.com/oauth/authorize?client_id=01234567-89ab-cdef-0123-456789abcdef&response_type=code&scope=global&state=randomstate',
  'https://app.netlify.com/authorize?client_id=8d3hKx0vQp2LmZ7sRt9WbYc4Nf6Gj1Ea5Iu&response_type=token&redirect_uri=https://mcp.acme.dev/&state=9f1c',
  'https://be.contentful.com/oauth/authorize?response_type=token&client_id=abcdef0123456789&redirect_uri=https://mcp.acme.dev&scope=content_management_manage',
  'https://auth.calendly.com/oauth/authorize?client_id=Ab-12_cdEFgh34IjKLmn&response_type=code&redirect_uri=https://mcp.acme.dev/cb',
  'https://signin.tradestation.com/authorize?response_type=code&client_id=Kz3R8xQ1&audience=https://api.tradestation.com&redirect_uri=http://localhost:3000&scope=openid%20MarketData',
  'https://www.eventbrite.com/oauth/authorize?response_type=code&client_id=TN6LHKZ5QTX3BW7YHD&redirect_uri=https://mcp.acme.dev',
  'https://login.live.com/oauth20_authorize.srf?client_id=00000000480728C5&scope=wl.signin&response_type=token&redirect_uri=https://login.live.com/oauth20_desktop.srf',
  'https://sandbox.dev.clover.com/oauth/v2/authorize?client_id=4D2ZT8GQJ5Y6M&redirect_uri=https://mcp.acme.dev',
  'https://oauth.yandex.com/authorize?response_type=code&client_id=4fd0e3cf1f4c4a9ba3b2d1e0f9a8b7c6&device_id=5b8a3f2c-91d7-4a6e-b0f1-2c3d4e5f6a7b&device_name=Acme%20MCP',
  'https://kauth.kakao.com/oauth/authorize?response_type=code&client_id=d3b07384d113edec49eaa6238ad5ff00&redirect_uri=https://mcp.acme.dev',
  'https://access.line.me/oauth2/v2.1/authorize?response_type=code&client_id=1653424268&redirect_uri=https%3A%2F%2Fmcp.acme.dev&state=12345abcde&scope=profile%20openid&nonce=09876xyz&bot_prompt=normal',
  'https://auth.mercadolibre.com.ar/authorization?response_type=code&client_id=6189876543210123&redirect_uri=https://mcp.acme.dev',
  'https://wise.com/oauth/authorize?client_id=acme&redirect_uri=https://mcp.acme.dev&state=Hn3Kq',
  'https://login.coinbase.com/oauth2/auth?response_type=code&client_id=2d06b9a69c15e183856ff52c250281f6d93f9abef819921eac0d8647bb2b61f9&account=all',
  'https://api.surveymonkey.com/oauth/authorize?response_type=code&redirect_uri=https%3A%2F%2Fmcp.acme.dev&client_id=SurveyMonkeyTest',
  'https://webexapis.com/v1/authorize?client_id=Cf3e9b7a1d5c8f20467b9e1a3c5d7f9b2e4a6c8d0f1&response_type=code&redirect_uri=https%3A%2F%2Fmcp.acme.dev&scope=spark%3Aall&state=set_state_here',
  'https://auth.ebay.com/oauth2/authorize?client_id=JohnDoe-Acme-PRD-f8c7d6e5b-4a3f2e1d&response_type=code&redirect_uri=John_Doe-JohnDoe-Acme-qwerty&scope=https://api.ebay.com/oauth/api_scope%20https://api.ebay.com/oauth/api_scope/sell.account',
  'https://acme.cloud.databricks.com/oidc/v1/authorize?client_id=databricks-cli&redirect_uri=http://localhost:8020&response_type=code&scope=all-apis+offline_access&code_challenge=Xo3pJvHqRnXsWmTdBcFgLaOeUi1234567890AbCdEfG',
  'https://acme.snowflakecomputing.com/oauth/authorize?client_id=0oA3bCdEfGh&response_type=code&redirect_uri=https%3A%2F%2Fmcp.acme.dev&scope=session%3Arole%3AANALYST',
  'https://auth.pingone.eu/1b2c3d4e-5f6a-4b7c-8d9e-0f1a2b3c4d5e/as/authorize?client_id=6f7a8b9c-0d1e-4f2a-b3c4-d5e6f7a8b9c0&response_type=code&redirect_uri=https://mcp.acme.dev&acr_values=Single_Factor',
  'https://signin.aws.amazon.com/signin?redirect_uri=https%3A%2F%2Fconsole.aws.amazon.com%2Fconsole%2Fhome&client_id=arn%3Aaws%3Aiam%3A%3A015428540659%3Auser%2Fhomepage',
  'https://acme.awsapps.com/start/#/device?user_code=ABCD-EFGH',
  'https://app.docusign.com/documents/details/7d6e5c4b-3a29-4f18-8e07-d6c5b4a39281',
  'https://pay.sumup.com/b2c/QK3LM7Z2',
  'https://checkout.paddle.com/checkout/custom/eyJ0IjoiUHJvZCBBY21lIiwiaSI6Imh0',
  'https://acme.lemonsqueezy.com/checkout/buy/5f8d1e2c-3b4a-4c5d-9e6f-7a8b9c0d1e2f',
  'https://commerce.coinbase.com/charges/XWRJ9KZ5',
  'https://checkout.razorpay.com/v1/payment-button/pl_Hk3J9dLmQz2Xr7',
  'https://rzp.io/i/3kD9xQvW',
  'https://payments.worldline-solutions.com/hostedcheckout/PaymentMethods/Selection/4aee1d2bcdb471ecb1f1c8d3ac8f4d5e',
  'https://www.twilio.com/authorize/CN4bcf1d5e7e8f90a1b2c3d4e5f6a7b8c9',
  'https://app.terraform.io/app/settings/tokens?source=terraform-login',
  'https://huggingface.co/oauth/authorize?client_id=1f3e5d7c-9b2a-4860-8d1e-3f5a7b9c2d4e&scope=openid%20profile&response_type=code&redirect_uri=https://mcp.acme.dev&state=Pq8Zr2',
  'https://id.atlassian.com/login?continue=https%3A%2F%2Fid.atlassian.com%2Foutboundauth%2Ffinish&application=jira',
  'https://github.com/settings/installations/48273645',
  'https://github.com/settings/tokens/new?scopes=repo,gist&description=Acme%20MCP',
  'https://gitlab.com/-/user_settings/personal_access_tokens?name=Acme+MCP&scopes=api,read_user',
  'https://console.cloud.google.com/apis/credentials/oauthclient?project=acme-mcp-278310',
  'https://myaccount.google.com/permissions?continue=https://myaccount.google.com/security',
  'https://www.amazon.com/ap/oa?client_id=amzn1.application-oa2-client.1b2c3d4e5f60718293a4b5c6d7e8f901&scope=profile&response_type=code&redirect_uri=https://mcp.acme.dev&state=208257577110975193121591895857093449424',
  'https://eu.acme.example.gov.uk/consent/step-2?journey=8b7f1c3d-2e4a-4b6c-9d8e-0f1a2b3c4d5e',
  'https://sso.uni-muenchen.de/idp/profile/oidc/authorize?client_id=mcp&response_type=code&scope=openid&redirect_uri=https://mcp.acme.dev&nonce=5f3a9e7c',
  'https://вики.бел/вход',
  'https://www.straße.de/',
].map((url) => page(new URL(url).hostname, url));

export const LEGITIMATE: readonly LegitimateUrl[] = [...AUTHORIZATION, ...PAGES, ...HELD_OUT];
