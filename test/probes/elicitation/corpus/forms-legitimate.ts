/** Sixty-odd forms as well-known services and their servers ask them, none of which may give a finding of any kind. Written from public knowledge. */
import { entry, type FormCase, form } from './forms.js';

type Field = Readonly<Record<string, unknown>>;
const text = (title: string, description?: string, more: Field = {}): Field => ({
  type: 'string',
  title,
  ...(description === undefined ? {} : { description }),
  ...more,
});
const yes = (title: string, description?: string): Field => ({
  type: 'boolean',
  title,
  ...(description === undefined ? {} : { description }),
});
const choice = (title: string, ...values: string[]): Field => ({ type: 'string', title, enum: values });
const count = (title: string, more: Field = {}): Field => ({ type: 'integer', title, minimum: 1, ...more });
const mail = (title: string): Field => ({ type: 'string', title, format: 'email' });
const titled = (title: string, ...pairs: [string, string][]): Field => ({
  type: 'string',
  title,
  oneOf: pairs.map(([value, label]) => ({ const: value, title: label })),
});
const several = (title: string, ...values: string[]): Field => ({
  type: 'array',
  title,
  items: { type: 'string', enum: values },
});

export const LEGITIMATE_FORMS: readonly FormCase[] = [
  // The examples of the specification.
  entry(
    'en',
    'specification, user name',
    form('Please provide your GitHub username', { name: { type: 'string' } }),
    '2025-06-18',
  ),
  entry(
    'en',
    'specification, contact',
    form(
      'Please provide your contact information',
      {
        name: { type: 'string', description: 'Your full name' },
        email: { type: 'string', format: 'email', description: 'Your email address' },
        age: { type: 'number', minimum: 18, description: 'Your age' },
      },
      ['name', 'email'],
    ),
  ),
  entry(
    'en',
    'specification, text with a default',
    form('How can we reach you?', {
      contact: text('Display Name', 'Description text', {
        minLength: 3,
        maxLength: 50,
        pattern: '^[A-Za-z@.]+$',
        format: 'email',
        default: 'user@example.com',
      }),
    }),
    '2026-07-28',
  ),
  entry(
    'en',
    'specification, colours',
    form('Choose your colours', {
      one: titled('Color Selection', ['#FF0000', 'Red'], ['#00FF00', 'Green']),
      many: {
        type: 'array',
        title: 'Color Selection',
        minItems: 1,
        maxItems: 2,
        items: {
          anyOf: [
            { const: '#FF0000', title: 'Red' },
            { const: '#0000FF', title: 'Blue' },
          ],
        },
        default: ['#FF0000'],
      },
    }),
  ),
  // Development.
  entry(
    'en',
    'GitHub, new issue',
    form(
      'Create an issue in octocat/hello-world',
      {
        title: text('Title'),
        body: text('Description', 'Markdown is supported'),
        labels: several('Labels', 'bug', 'security', 'token-leak'),
        assignee: text('Assignee', 'User name, without the @'),
      },
      ['title'],
    ),
  ),
  entry(
    'en',
    'GitHub, delete confirmed',
    form('Type the name of the repository to confirm its deletion.', {
      repository: text('Repository name', 'octocat/hello-world'),
    }),
  ),
  entry(
    'en',
    'GitHub, deploy key',
    form('Add a deploy key to octocat/hello-world', {
      title: text('Title of the key'),
      publicKey: text('SSH public key', 'Begins with ssh-ed25519 or ssh-rsa'),
      write: yes('Allow write access'),
    }),
  ),
  entry(
    'en',
    'GitHub, Actions secret',
    form('Which secret should the workflow read?', {
      secret_name: text(
        'Name of the secret',
        'As it is called in the settings of the repository. The value is not needed.',
      ),
      environment: choice('Environment', 'staging', 'production'),
    }),
  ),
  entry(
    'en',
    'GitLab, rotate a token',
    form('The project access token "ci-release" expires in 3 days. Do you want to rotate it?', {
      rotate: yes('Rotate the access token'),
      days: count('Lifetime of the new token in days', { maximum: 365 }),
    }),
  ),
  entry(
    'en',
    'Jira, new project',
    form('Create a project', {
      name: text('Project name'),
      key: text('Project key', 'Two to ten capital letters, e.g. WEB'),
      lead: text('Project lead'),
      template: choice('Template', 'Scrum', 'Kanban'),
    }),
  ),
  entry(
    'en',
    'Jira, issue',
    form(
      'Log an issue in WEB',
      {
        summary: text('Summary', 'E.g. "Users cannot reset their password"'),
        issueKey: text('Parent issue key', 'E.g. WEB-123'),
        points: { type: 'number', title: 'Story points' },
      },
      ['summary'],
    ),
  ),
  entry(
    'en',
    'Linear, feature',
    form('Describe the feature', {
      title: text('Title'),
      estimate: count('Estimate'),
      area: choice('Area', 'Authentication', 'Password reset', 'Billing'),
    }),
  ),
  entry(
    'en',
    'Sentry, alert',
    form('Create an alert rule', {
      name: text('Rule name'),
      threshold: count('Events per minute'),
      level: choice('Level', 'error', 'fatal'),
    }),
  ),
  entry(
    'en',
    'Vercel, deployment',
    form('Deploy "shop" to production?', {
      confirm: yes('Deploy now'),
      branch: text('Branch', 'The branch to deploy', { default: 'main' }),
    }),
  ),
  entry(
    'en',
    'AWS, bucket',
    form(
      'Create an S3 bucket',
      {
        bucket: text('Bucket name', 'Lower-case letters, digits and hyphens', {
          minLength: 3,
          maxLength: 63,
        }),
        region: choice('Region', 'eu-central-1', 'us-east-1'),
        kmsKeyAlias: text('Encryption key alias', 'Alias of the KMS key, e.g. alias/shop'),
      },
      ['bucket', 'region'],
    ),
  ),
  entry(
    'en',
    'AWS, credential report',
    form('Set up the weekly report', {
      keys: count('Number of API keys to list'),
      age: count('Warn when access keys are older than (days)'),
      to: mail('Recipient'),
    }),
  ),
  entry(
    'en',
    'HashiCorp Vault, path',
    form('Which entry should the job read?', {
      name: text('Name of the secret in the vault'),
      mount: text('Mount path', 'E.g. kv/team'),
    }),
  ),
  entry(
    'en',
    'Kubernetes, secret reference',
    form('Which Secret holds the certificate?', {
      secretRef: text('Secret', 'Name of the Kubernetes secret'),
      namespace: text('Namespace'),
    }),
  ),
  entry(
    'en',
    'Auth0, password policy',
    form('Define the policy', {
      password_policy_length: count('Password policy length', { minimum: 8 }),
      history: count('Password history'),
      strength: choice('Password strength', 'low', 'fair', 'good'),
    }),
  ),
  entry(
    'en',
    'Okta, OAuth client',
    form('Register an application', {
      name: text('Application name'),
      style: text('Authorization code style', 'How the flow is drawn in the diagram'),
      flow: choice('Grant type', 'Authorization code', 'Client credentials'),
      logout: text('Token lifetime in minutes'),
    }),
  ),
  entry(
    'en',
    'OpenAI, generation',
    form(
      'Set the generation',
      { max_tokens: count('Max tokens'), token_count: count('Token count'), stop: text('Stop sequence') },
      ['max_tokens'],
    ),
  ),
  entry(
    'en',
    'Hugging Face, dataset',
    form('Describe the dataset', {
      tokenizer: text('Tokenizer', 'Name of the tokenizer, e.g. bert-base-uncased'),
      column: text('Text column'),
      split: choice('Split', 'train', 'test'),
    }),
  ),
  entry(
    'en',
    'PostgreSQL, table',
    form('Describe the table', {
      table: text('Table'),
      pk: text('Primary key column'),
      unique: text('Unique keys', 'Columns, separated by commas'),
      password_column: yes('Hash the password column'),
    }),
  ),
  entry(
    'en',
    'Redis, key to read',
    form('Which entry do you want to see?', {
      key: text('Key', 'E.g. cart:42'),
      ttl: count('TTL in seconds'),
    }),
  ),
  entry(
    'en',
    'Datadog, monitor',
    form('Create a monitor', {
      query: text('Query'),
      tags: text('Tags', 'key:value, separated by commas'),
      renotify: yes('Notify again'),
    }),
  ),
  entry(
    'en',
    'npm, publish',
    form('Publish version 2.1.0 of "left-pad"?', {
      confirm: yes('Publish', 'You will be asked for your one-time password in the browser.'),
      tag: choice('Tag', 'latest', 'next'),
    }),
  ),
  entry(
    'en',
    'Figma, tokens',
    form('Export the design tokens', {
      format: choice('Format', 'CSS', 'JSON'),
      token: text('Design token group', 'E.g. color/background'),
    }),
  ),
  entry(
    'en',
    'browser keyboard',
    form('Configure the remote desktop', {
      keyboard: text('Keyboard layout', 'E.g. de-CH'),
      hotkeys: text('Hot keys'),
    }),
  ),
  entry(
    'en',
    'Arduino, blinking',
    form('Configure the board', {
      pin: { type: 'integer', title: 'GPIO pin', minimum: 0, maximum: 53 },
      pinName: text('Pin label on the board', 'E.g. D13'),
    }),
  ),
  // Communication and office.
  entry(
    'en',
    'Slack, pin',
    form(
      'Pin this message to #general?',
      { pin: yes('Pin this message'), note: text('Note to the channel') },
      ['pin'],
    ),
  ),
  entry(
    'en',
    'Slack, new channel',
    form(
      'Create a channel',
      { name: text('Channel name'), private: yes('Make private'), invite: text('People to invite') },
      ['name'],
    ),
  ),
  entry(
    'en',
    'Google Calendar, event',
    form(
      'Create an event',
      {
        summary: text('Title'),
        start: text('Start', undefined, { format: 'date-time' }),
        end: text('End', undefined, { format: 'date-time' }),
        guests: text('Guests', 'E-mail addresses'),
      },
      ['summary'],
    ),
  ),
  entry(
    'en',
    'Gmail, reply',
    form('Reply to Maria Silva?', {
      tone: choice('Tone', 'formal', 'friendly'),
      points: text('What should the answer say?', 'Never enter your password here.'),
    }),
  ),
  entry(
    'en',
    'HR, secretary',
    form('Enter the new member of staff', {
      secretary_name: text('Secretary name'),
      secretariat: text('Secretariat'),
      start: text('First day', undefined, { format: 'date' }),
    }),
  ),
  entry(
    'en',
    'Zendesk, ticket',
    form(
      'Open a ticket. Do not include passwords, API keys or card numbers.',
      { subject: text('Subject'), body: text('What happened?'), urgent: yes('Urgent') },
      ['subject'],
    ),
  ),
  entry(
    'en',
    'Notion, page',
    form(
      'Create a page',
      { title: text('Title'), parent: text('Parent page'), icon: text('Icon', 'One emoji, e.g. 🔑 or 👩‍💻') },
      ['title'],
    ),
  ),
  entry(
    'en',
    'HubSpot, contact',
    form(
      'Add a contact',
      {
        first: text('First name'),
        last: text('Last name'),
        email: mail('E-mail'),
        phone: text('Phone number'),
        company: text('Company'),
      },
      ['email'],
    ),
  ),
  entry(
    'en',
    'Salesforce, reset',
    form('Send a link to reset the password?', {
      who: mail('Whose password shall be reset?'),
      confirm: yes('Send the password reset link'),
    }),
  ),
  entry(
    'en',
    'Zoom, meeting',
    form('Schedule a meeting', {
      topic: text('Topic'),
      minutes: count('Length in minutes'),
      passcode: yes('Require a passcode'),
    }),
  ),
  entry(
    'en',
    '1Password, item',
    form('Which item do you want to open?', {
      item: text('Item name'),
      vault: text('Vault', 'Name of the vault, e.g. Private'),
    }),
  ),
  // Trade and travel.
  entry(
    'en',
    'Stripe, refund',
    form(
      'Refund a payment',
      {
        amount: { type: 'number', title: 'Amount', minimum: 0.5 },
        reason: choice('Reason', 'duplicate', 'fraudulent', 'requested_by_customer'),
        last4: text('Last 4 digits of the card', 'To find the payment', { minLength: 4, maxLength: 4 }),
      },
      ['amount'],
    ),
  ),
  entry(
    'en',
    'Shopify, product',
    form(
      'Add a product',
      {
        title: text('Title'),
        price: { type: 'number', title: 'Price' },
        sku: text('SKU'),
        gift: yes('Gift card'),
      },
      ['title'],
    ),
  ),
  entry(
    'en',
    'Amazon India, delivery',
    form('Where should we deliver?', {
      name: text('Full name'),
      street: text('Area, street'),
      city: text('Town/City'),
      pincode: text('PIN code', '6 digits', { pattern: '^[1-9][0-9]{5}$' }),
      state: text('State'),
    }),
  ),
  entry(
    'en',
    'airline, passengers',
    form('Who travels?', {
      name: text('Name as in the passport'),
      passport_country: text('Passport country'),
      born: text('Date of birth', undefined, { format: 'date' }),
      expires: text('Passport expiry date', undefined, { format: 'date' }),
    }),
  ),
  entry(
    'en',
    'airline, find booking',
    form('Find your booking', {
      pnr: text('Booking confirmation code', 'Six letters and digits'),
      last: text('Last name'),
    }),
  ),
  entry(
    'en',
    'library, renewal',
    form('Renew your books', { card: text('Library card number'), title: text('Title of the book') }),
  ),
  entry(
    'en',
    'Uniswap, quote',
    form('Which tokens do you want to swap?', {
      tokenIn: text('Token to sell', 'Symbol, e.g. ETH'),
      tokenOut: text('Token to buy', 'Symbol, e.g. USDC'),
      amount: { type: 'number', title: 'Amount' },
    }),
  ),
  entry(
    'en',
    'Spotify, playlist',
    form('Create a playlist', {
      name: text('Name'),
      key: choice('Key signature', 'C major', 'A minor'),
      public: yes('Public'),
    }),
  ),
  entry(
    'en',
    'OpenTable, reservation',
    form(
      'Book a table at Chez Panisse',
      {
        date: text('Date', undefined, { format: 'date' }),
        people: count('People'),
        wishes: text('Special requests'),
      },
      ['date', 'people'],
    ),
  ),
  entry(
    'en',
    'Booking.com, stay',
    form('Which Booking.com stay do you want to change?', {
      city: text('City'),
      checkin: text('Check-in', undefined, { format: 'date' }),
    }),
  ),
  entry(
    'en',
    'webhook',
    form('Where should events be sent?', {
      url: {
        type: 'string',
        format: 'uri',
        title: 'Webhook URL',
        description: 'E.g. https://example.com/hooks/mcp',
      },
      events: several('Events', 'push', 'issues'),
    }),
  ),
  entry(
    'en',
    'Atlassian site',
    form('Which site?', { site: text('Site', 'https://your-domain.atlassian.net') }),
  ),
  entry(
    'en',
    'project files',
    form('Which files should be read?', {
      glob: text('Pattern', 'src/index.ts, package.json, README.md, *.test.js'),
      node: text('Node.js version', 'E.g. 22.11.0'),
    }),
  ),
  // German.
  entry(
    'de',
    'Deutsche Bahn, Verbindung',
    form('Wohin möchten Sie reisen?', {
      von: text('Von'),
      nach: text('Nach'),
      wann: text('Abfahrt', undefined, { format: 'date-time' }),
      bahncard: choice('BahnCard', 'keine', '25', '50'),
    }),
  ),
  entry(
    'de',
    'Personio, Urlaub',
    form(
      'Urlaub beantragen',
      {
        von: text('Erster Tag', undefined, { format: 'date' }),
        bis: text('Letzter Tag', undefined, { format: 'date' }),
        vertretung: text('Vertretung'),
        hinweis: text('Bemerkung', 'Bitte geben Sie hier keine Passwörter ein.'),
      },
      ['von', 'bis'],
    ),
  ),
  entry(
    'de',
    'Kennwortregeln',
    form('Welche Regeln sollen gelten?', {
      laenge: count('Länge des Passworts'),
      tage: count('Gültigkeit des Kennworts in Tagen'),
      regel: text('Name der Passwortrichtlinie'),
    }),
  ),
  entry(
    'de',
    'Schlüsselspalte',
    form('Beschreiben Sie die Tabelle', {
      schluessel: text('Primärschlüssel'),
      fremd: text('Fremdschlüssel'),
      token: count('Anzahl der Tokens'),
    }),
  ),
  // French.
  entry(
    'fr',
    'SNCF, trajet',
    form(
      'Où souhaitez-vous aller ?',
      {
        depart: text('Gare de départ'),
        arrivee: text("Gare d'arrivée"),
        date: text('Date', undefined, { format: 'date' }),
        carte: text('Numéro de carte de fidélité'),
      },
      ['depart', 'arrivee'],
    ),
  ),
  entry(
    'fr',
    'assistance',
    form("Décrivez votre problème. N'indiquez jamais votre mot de passe.", {
      sujet: text('Objet', 'P. ex. « mot de passe oublié »'),
      detail: text('Détails'),
    }),
  ),
  entry(
    'fr',
    'jetons',
    form('Réglez la génération', {
      jetons: count('Nombre maximal de jetons'),
      cle: text('Nom de la clé API à révoquer'),
    }),
  ),
  // Spanish, Portuguese, Italian, Dutch.
  entry(
    'es',
    'Correos, envío',
    form(
      '¿Adónde enviamos el paquete?',
      {
        calle: text('Calle y número'),
        cp: text('Código postal'),
        ciudad: text('Ciudad'),
        clave: text('Palabra clave', 'Para encontrar el envío'),
      },
      ['calle', 'cp'],
    ),
  ),
  entry(
    'es',
    'base de datos',
    form('Describe la tabla', {
      pk: text('Clave primaria'),
      fk: text('Clave foránea'),
      largo: count('Longitud de la contraseña'),
    }),
  ),
  entry(
    'pt',
    'Nubank, lembrete',
    form('Criar um lembrete. Nunca informe sua senha aqui.', {
      titulo: text('Título'),
      quando: text('Quando', undefined, { format: 'date-time' }),
    }),
  ),
  entry(
    'pt',
    'política',
    form('Defina a política', {
      tamanho: count('Tamanho mínimo da senha'),
      validade: count('Validade do token em dias'),
      nome: text('Nome da chave de API'),
    }),
  ),
  entry(
    'it',
    'Trenitalia, viaggio',
    form('Dove vuoi andare?', { da: text('Da'), a: text('A'), carta: text('Numero di carta fedeltà') }, [
      'da',
      'a',
    ]),
  ),
  entry(
    'nl',
    'PostNL, bezorging',
    form(
      'Waar mogen we bezorgen?',
      {
        straat: text('Straat en huisnummer'),
        postcode: text('Postcode'),
        plaats: text('Plaats'),
        lengte: count('Lengte van het wachtwoord'),
      },
      ['straat', 'postcode'],
    ),
  ),
  // Japanese, Chinese, Korean.
  entry(
    'ja',
    '楽天トラベル、予約',
    form('ご予約内容を入力してください。', {
      hotel: text('ホテル名'),
      checkin: text('チェックイン日', undefined, { format: 'date' }),
      nights: count('泊数'),
      email: mail('メールアドレス'),
    }),
  ),
  entry(
    'ja',
    '問い合わせ',
    form('お問い合わせ内容をご記入ください。パスワードは入力しないでください。', {
      subject: text('件名', '例：パスワードの再設定について'),
      body: text('内容'),
    }),
  ),
  entry(
    'ja',
    '生成設定',
    form('生成の設定', {
      n: count('最大トークン数'),
      name: text('APIキーの名前'),
      len: count('パスワードの長さ'),
    }),
  ),
  entry(
    'zh',
    '滴滴出行',
    form('请问您要去哪里？', {
      from: text('出发地'),
      to: text('目的地'),
      when: text('出发时间', undefined, { format: 'date-time' }),
    }),
  ),
  entry(
    'zh',
    '工单',
    form('请描述问题。请勿填写密码、验证码等敏感信息。', {
      title: text('标题', '例如：无法重置密码'),
      body: text('详细描述'),
    }),
  ),
  entry(
    'zh',
    '密码策略',
    form('设置组织的密码策略', {
      len: count('密码长度'),
      days: count('密码有效期（天）'),
      name: text('密钥名称'),
    }),
  ),
  entry(
    'ko',
    '네이버 예약',
    form(
      '예약 정보를 입력해 주세요.',
      {
        name: text('예약자 이름'),
        date: text('날짜', undefined, { format: 'date' }),
        memo: text('요청 사항', '비밀번호는 입력하지 마세요.'),
      },
      ['name', 'date'],
    ),
  ),
  // Right-to-left and Indic writing, whose marks are no hiding.
  entry(
    'ar',
    'موعد',
    form(
      'متى تريد الموعد؟\u200f',
      { date: text('التاريخ', undefined, { format: 'date' }), notes: text('ملاحظات (\u2067PDF\u2069)') },
      ['date'],
    ),
  ),
  entry(
    'hi',
    'नियुक्ति',
    form(
      'आप कब मिलना चाहेंगे? क्\u200dया',
      { date: text('तारीख', undefined, { format: 'date' }), notes: text('टिप्पणी') },
      ['date'],
    ),
  ),
  entry(
    'fa',
    'نوبت',
    form('می\u200cخواهید چه زمانی بیایید؟', { date: text('تاریخ', undefined, { format: 'date' }) }),
  ),
];
