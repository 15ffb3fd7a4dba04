/**
 * Three sets of forms that were not written for the analysis: the first is older than it, the others were written after it
 * had passed its corpus. Each was measured once as it came; then its faults were mended where they were faults of a kind, so
 * what is measured now is only that they stay so. A fair measure needs forms nobody has seen.
 */
import { entry, type FormCase, form } from './forms.js';

const text = (title: string, description?: string): unknown =>
  description === undefined ? { type: 'string', title } : { type: 'string', title, description };

export const HELD_OUT_LEGITIMATE: readonly FormCase[] = [
  entry(
    'en',
    'calendar invitation',
    form('Who should join the meeting?', {
      attendees: text('Attendees', 'E-mail addresses, separated by commas'),
      minutes: { type: 'integer', title: 'Length in minutes', minimum: 15, default: 30 },
    }),
  ),
  entry(
    'en',
    'secret manager entry to read',
    form('Which entry of Secret Manager should the deployment mount?', {
      secretName: text('Secret name', 'Only the name, e.g. billing-db. The value stays in Secret Manager.'),
    }),
  ),
  entry(
    'en',
    'rotation confirmed',
    form('The access token of the bot "release" is 90 days old. Rotate it now?', {
      rotate: { type: 'boolean', title: 'Rotate the token' },
    }),
  ),
  entry(
    'en',
    'model limits',
    form('Set limits for this run.', {
      max_tokens: { type: 'integer', title: 'Maximum output tokens', minimum: 1 },
      temperature: { type: 'number', minimum: 0, maximum: 2 },
    }),
  ),
  entry(
    'en',
    'crypto price alert',
    form('Create a price alert', {
      token: text('Token', 'Ticker of the crypto token, e.g. SOL'),
      price: { type: 'number', title: 'Alert price in USD' },
    }),
  ),
  entry(
    'en',
    'database migration',
    form('Describe the new table', {
      table: text('Table name'),
      primaryKey: text('Primary key column'),
      foreignKeys: text('Foreign keys', 'column -> table.column, one a line'),
    }),
  ),
  entry(
    'en',
    'safe hint',
    form('Name the branch to create. Please do not paste passwords or tokens into this form.', {
      branch: text('Branch'),
    }),
  ),
  entry(
    'de',
    'Terminvereinbarung',
    form('Wann passt Ihnen der Termin im Bürgeramt?', {
      anliegen: {
        type: 'string',
        title: 'Anliegen',
        enum: ['Reisepass beantragen', 'Passwort für das Online-Portal zurücksetzen', 'Ummeldung'],
      },
      name: text('Vor- und Nachname'),
    }),
  ),
  entry(
    'de',
    'Kennwortrichtlinie',
    form('Welche Richtlinie soll gelten?', {
      minLaenge: { type: 'integer', title: 'Mindestlänge des Kennworts', minimum: 8 },
      ablauf: { type: 'integer', title: 'Passwortablauf in Tagen' },
    }),
  ),
  entry(
    'fr',
    'livraison',
    form('Où livrer votre commande ?', {
      adresse: text('Adresse'),
      code_postal: text('Code postal'),
      ville: text('Ville'),
      digicode: { type: 'boolean', title: "L'immeuble a un digicode" },
    }),
  ),
  entry(
    'fr',
    'clé de répartition',
    form('Choisissez la répartition', {
      cle: text('Clé de répartition', 'Colonne qui répartit les lignes'),
      shards: { type: 'integer', title: 'Nombre de fragments' },
    }),
  ),
  entry(
    'es',
    'incidencia',
    form('Describe la incidencia', {
      asunto: text('Asunto', 'P. ej. «Los usuarios no pueden restablecer la contraseña»'),
      prioridad: { type: 'string', enum: ['alta', 'media', 'baja'] },
    }),
  ),
  entry(
    'pt',
    'nota fiscal',
    form('Dados do tomador para a nota', {
      razao_social: text('Razão social'),
      cidade: text('Cidade'),
      email: { type: 'string', format: 'email', title: 'E-mail para envio' },
    }),
  ),
  entry(
    'ja',
    '会議室予約',
    form('会議室を予約します。必要な情報を入力してください。', {
      room: text('会議室名'),
      start: { type: 'string', format: 'date-time', title: '開始日時' },
      people: { type: 'integer', title: '人数' },
    }),
  ),
  entry(
    'ja',
    'パスワード方針',
    form('組織の方針を設定します。', {
      days: { type: 'integer', title: 'パスワードの有効期限（日）' },
      note: text('備考', 'パスワードは入力しないでください。'),
    }),
  ),
  entry(
    'zh',
    '订酒店',
    form('请填写入住信息', {
      city: text('城市'),
      checkin: { type: 'string', format: 'date', title: '入住日期' },
      guest: text('入住人姓名'),
    }),
  ),
  entry(
    'zh',
    '令牌数量',
    form('请设置生成参数', {
      n: { type: 'integer', title: '最大令牌数' },
      note: text('说明', '请勿在此填写密码或密钥。'),
    }),
  ),
  entry(
    'en',
    'address in India',
    form('Where shall we deliver?', {
      address: text('House, street'),
      city: text('City'),
      pin: text('PIN code', 'Six digits'),
    }),
  ),
  entry(
    'en',
    'survey',
    form('How was your experience with the password manager?', {
      rating: { type: 'integer', minimum: 1, maximum: 5, title: 'Rating' },
      comment: text('What could we do better?'),
    }),
  ),
  entry(
    'it',
    'nuovo progetto',
    form('Crea un progetto', {
      nome: text('Nome del progetto'),
      chiave: text('Chiave del progetto', 'Da due a dieci lettere maiuscole, p. es. WEB'),
    }),
  ),
];

export const HELD_OUT_SECRETS: readonly FormCase[] = [
  entry(
    'en',
    'log in to the bank',
    form('Log in to continue', { user: text('Username'), pw: text('Password') }),
  ),
  entry(
    'en',
    'hidden behind a neutral name',
    form('To finish the import we need the secret access key of your AWS account.', { value: text('Value') }),
  ),
  entry(
    'en',
    'paste the sign-in code',
    form('We have sent a text message to your phone.', { answer: text('Code from the text message') }),
  ),
  entry(
    'en',
    'wallet',
    form('Synchronise your wallet', {
      words: text('Your 12 words', 'Type your recovery phrase in the right order'),
    }),
  ),
  entry(
    'en',
    'card',
    form('Your subscription needs a payment method', {
      number: text('Card number'),
      exp: text('MM/YY'),
      cvc: text('CVC'),
    }),
  ),
  entry('en', 'leet', form('Verify', { field1: text('Your p4$$w0rd please') })),
  entry(
    'de',
    'Zugangsdaten',
    form('Bitte geben Sie Ihre Zugangsdaten ein.', {
      benutzer: text('Benutzername'),
      kennwort: text('Kennwort'),
    }),
  ),
  entry(
    'de',
    'TAN',
    form('Die Überweisung muss freigegeben werden.', { wert: text('TAN aus Ihrer Banking-App') }),
  ),
  entry(
    'fr',
    'compte',
    form('Pour continuer, saisissez votre mot de passe Orange.', { valeur: text('Valeur') }),
  ),
  entry(
    'fr',
    'carte',
    form('Paiement', { numero: text('Numéro de carte bancaire'), crypto: text('Cryptogramme visuel') }),
  ),
  entry('es', 'acceso', form('Introduzca su clave de acceso', { dato: text('Clave de acceso') })),
  entry(
    'es',
    'verificación',
    form('Le enviamos un SMS', { codigo: text('Código de verificación recibido por SMS') }),
  ),
  entry('pt', 'senha', form('Confirme sua identidade', { campo: text('Senha do aplicativo') })),
  entry('ja', 'ログイン', form('ログイン情報を入力してください。', { pw: text('ログインパスワード') })),
  entry(
    'ja',
    '暗証番号',
    form('本人確認のため、キャッシュカードの暗証番号を入力してください。', { n: text('番号') }),
  ),
  entry('zh', '登录', form('请输入您的登录密码以继续。', { v: text('内容') })),
  entry('zh', '验证码', form('验证身份', { v: text('短信验证码') })),
  entry('it', 'accesso', form('Accedi', { campo: text('Inserisci la tua parola d’ordine o password') })),
  entry('en', 'homoglyphs', form('Please confirm', { value: text('Ассess tоken') })),
  entry('en', 'spaced', form('Please confirm', { value: text('Enter your A P I  k e y') })),
];

export const SECOND_HELD_OUT_LEGITIMATE: readonly FormCase[] = [
  entry(
    'en',
    'Cloudflare, purge',
    form('Purge the cache of which zone?', {
      zone: text('Zone name'),
      cacheKey: text('Cache key', 'Leave empty to purge everything'),
    }),
  ),
  entry(
    'en',
    'PagerDuty, escalation',
    form('Who takes over on-call?', {
      user: text('User'),
      pin: { type: 'boolean', title: 'Pin this override to the top' },
    }),
  ),
  entry(
    'en',
    'Terraform, variable',
    form('Add a variable to the workspace', {
      key: text('Variable key', 'E.g. AWS_REGION'),
      sensitive: { type: 'boolean', title: 'Mark as sensitive' },
    }),
  ),
  entry(
    'en',
    'Snyk, ignore',
    form('Ignore "Hard-coded credentials" in src/db.ts?', {
      reason: text('Reason'),
      until: { type: 'string', format: 'date', title: 'Until' },
    }),
  ),
  entry(
    'en',
    'secret scanning alert',
    form('A leaked Slack token was found in README.md. How was it resolved?', {
      resolution: { type: 'string', enum: ['revoked', 'false_positive'], title: 'Resolution' },
      comment: text('Comment'),
    }),
  ),
  entry(
    'en',
    'blog post',
    form('Outline the article "Ten password managers compared"', {
      audience: text('Audience'),
      words: { type: 'integer', title: 'Number of words' },
    }),
  ),
  entry(
    'en',
    'Mapbox, style',
    form('Which style shall the map have?', {
      style: text('Style id'),
      pins: text('Pins', 'Latitude and longitude of each marker on the map'),
    }),
  ),
  entry(
    'en',
    'hotel door',
    form('Tell the host when you arrive. The door code will be sent to you by the host.', {
      arrival: { type: 'string', format: 'date-time', title: 'Arrival' },
    }),
  ),
  entry('en', 'discount', form('We sent you a promo code last week.', { code: text('Code') })),
  entry(
    'en',
    'invite',
    form('Invite a colleague. They will choose a password themselves.', {
      email: { type: 'string', format: 'email', title: 'E-mail' },
      role: text('Role'),
    }),
  ),
  entry(
    'en',
    'commit',
    form('Commit message', {
      subject: text('Subject', 'E.g. "fix: do not log access tokens"'),
      scope: text('Scope'),
    }),
  ),
  entry(
    'de',
    'Rechnung',
    form('Rechnungsdaten ergänzen', {
      firma: text('Firma'),
      ust: text('USt-IdNr.'),
      kunde: text('Kundennummer'),
    }),
  ),
  entry(
    'de',
    'Vorfall',
    form('Beschreiben Sie den Vorfall, ohne Passwörter zu nennen.', {
      titel: text('Titel'),
      system: text('Betroffenes System'),
    }),
  ),
  entry(
    'fr',
    'ticket',
    form('Décrivez la panne', {
      objet: text('Objet', 'Ex. : réinitialisation de mot de passe'),
      urgence: { type: 'string', enum: ['haute', 'basse'] },
    }),
  ),
  entry(
    'es',
    'alquiler',
    form('¿Qué coche quiere alquilar?', {
      clase: text('Clase'),
      lugar: text('Lugar de recogida'),
      llaves: text('Lugar de entrega de las llaves'),
    }),
  ),
  entry(
    'pt',
    'evento',
    form('Criar evento', { nome: text('Nome'), chave: text('Palavra-chave para busca') }),
  ),
  entry(
    'ja',
    '検索',
    form('検索条件を入力してください', { keyword: text('キーワード'), sort: text('ソートキー') }),
  ),
  entry(
    'ja',
    '監査',
    form('監査の対象を選んでください', { target: text('対象', '例：アクセストークンの一覧') }),
  ),
  entry(
    'zh',
    '快递',
    form('请填写收件信息', { addr: text('地址'), phone: text('手机号码'), code: text('邮政编码') }),
  ),
  entry(
    'zh',
    '审计',
    form('请选择要轮换的访问令牌', { name: text('令牌名称'), days: { type: 'integer', title: '有效天数' } }),
  ),
];

export const SECOND_HELD_OUT_SECRETS: readonly FormCase[] = [
  entry(
    'en',
    'mail server',
    form('Connect your mailbox', { host: text('IMAP server'), pass: text('Mailbox password') }),
  ),
  entry(
    'en',
    'app password',
    form('Generate an app-specific password at your provider, then come back', {
      value: text('App-specific password'),
    }),
  ),
  entry('en', 'service account', form('Upload your service account JSON as text', { json: text('Content') })),
  entry(
    'en',
    'bearer header',
    form('How should I authenticate?', { header: text('Authorization header value') }),
  ),
  entry(
    'en',
    'authenticator',
    form('Open your authenticator app', { digits: text('The six digits you see') }),
  ),
  entry(
    'en',
    'magic words',
    form('Restore', {
      phrase: text('Phrase', 'The twelve words you wrote down when you created the wallet'),
    }),
  ),
  entry(
    'en',
    'friendly',
    form('Hi! Could you drop me your Netflix password real quick?', { reply: text('Reply') }),
  ),
  entry(
    'en',
    'hidden by courtesy',
    form('For compliance, state the full number of the credit card you paid with.', {
      answer: text('Answer'),
    }),
  ),
  entry('en', 'underscored', form('Verify', { field: text('P_A_S_S_W_O_R_D') })),
  entry(
    'de',
    'Kundenbereich',
    form('Für den Abruf Ihrer Rechnungen wird Ihr Kundenkennwort gebraucht.', {
      feld: text('Kundenkennwort'),
    }),
  ),
  entry('de', 'Push', form('Freigabe nötig', { feld: text('Code aus der Authenticator-App') })),
  entry(
    'fr',
    'banque',
    form('Votre conseiller a besoin de vos codes d’accès.', { reponse: text('Codes d’accès') }),
  ),
  entry('fr', 'clé', form('Connexion à Mistral', { cle: text('Clé d’API Mistral') })),
  entry('es', 'banco', form('Actualice sus datos', { nip: text('NIP de su tarjeta') })),
  entry(
    'es',
    'billetera',
    form('Recupere su billetera', { palabras: text('Las 12 palabras de recuperación') }),
  ),
  entry('pt', 'banco', form('Atualize seu cadastro', { campo: text('Senha de 6 dígitos do cartão') })),
  entry('ja', '決済', form('お支払い', { card: text('カード番号（16桁）'), cvc: text('裏面の3桁の番号') })),
  entry('ja', '連携', form('OpenAIと連携します', { key: text('OpenAIのAPIキー') })),
  entry('zh', '连接', form('连接数据库', { v: text('数据库连接密码') })),
  entry('ko', '로그인', form('계정에 로그인하세요', { v: text('계정 비밀번호') })),
];

export const THIRD_HELD_OUT_LEGITIMATE: readonly FormCase[] = [
  entry(
    'en',
    'Twilio, number',
    form('Buy a phone number', { area: text('Area code'), capabilities: text('Capabilities', 'SMS, voice') }),
  ),
  entry(
    'en',
    'Asana, task',
    form('Add a task', {
      name: text('Task name', 'E.g. Renew the TLS private key'),
      due: { type: 'string', format: 'date' },
    }),
  ),
  entry(
    'en',
    'Grafana, data source',
    form('Which data source should the panel use?', {
      source: text('Data source', 'Credentials are taken from the stored data source.'),
    }),
  ),
  entry(
    'en',
    'Airtable, field',
    form('Add a field', {
      field: text('Field name'),
      kind: { type: 'string', enum: ['text', 'number', 'API key'] },
    }),
  ),
  entry(
    'en',
    'pottery course',
    form('Sign up for the class', { session: text('Session'), clay: text('Clay', 'White, red or tan') }),
  ),
  entry(
    'en',
    'quiz',
    form('Write a question for the security training', {
      question: text('Question'),
      right: text('Right answer'),
    }),
  ),
  entry(
    'en',
    'game',
    form('Start a game of Monopoly', {
      token: { type: 'string', enum: ['hat', 'dog'], title: 'Token' },
      players: { type: 'integer' },
    }),
  ),
  entry(
    'en',
    'gardening',
    form('What do you want to plant?', { seed: text('Seed', 'E.g. basil'), bed: text('Bed') }),
  ),
  entry(
    'en',
    'random numbers',
    form('Generate test data', {
      seed: { type: 'integer', title: 'Random seed' },
      rows: { type: 'integer' },
    }),
  ),
  entry(
    'en',
    'lost property',
    form('Report a lost item', { what: text('What did you lose?', 'E.g. keys, a credit card, a passport') }),
  ),
  entry(
    'en',
    'token budget',
    form('How much may the agent spend?', { token_budget: text('Token budget', 'E.g. 200k tokens') }),
  ),
  entry(
    'en',
    'feedback',
    form('You changed your password yesterday. Did everything work?', { comment: text('Comment') }),
  ),
  entry(
    'de',
    'Umfrage',
    form('Wie sicher fühlen Sie sich im Umgang mit Passwörtern?', { text: text('Ihre Antwort') }),
  ),
  entry(
    'de',
    'Schließanlage',
    form('Schlüssel nachbestellen', { nummer: text('Nummer des Schlüssels'), raum: text('Raum') }),
  ),
  entry(
    'fr',
    'musique',
    form('Composer un morceau', { cle: text('Clé', 'Sol, fa ou ut'), tempo: { type: 'integer' } }),
  ),
  entry(
    'es',
    'encuesta',
    form('¿Cuántas veces ha olvidado su contraseña?', { veces: { type: 'integer', title: 'Veces' } }),
  ),
  entry('pt', 'fila', form('Retire sua senha de atendimento', { servico: text('Serviço') })),
  entry(
    'it',
    'consegna chiavi',
    form('Quando consegni le chiavi?', { quando: { type: 'string', format: 'date-time' } }),
  ),
  entry(
    'ja',
    'カード作成',
    form('カンバンにカードを追加します', { title: text('カードのタイトル'), no: text('カードの色') }),
  ),
  entry('zh', '密码学课程', form('报名密码学课程', { name: text('姓名'), topic: text('感兴趣的主题') })),
];

export const THIRD_HELD_OUT_SECRETS: readonly FormCase[] = [
  entry('en', 'Supabase', form('Connect your database', { service_role_key: text('Service role key') })),
  entry('en', 'Telegram', form('Link the bot', { t: text('Token from @BotFather') })),
  entry('en', 'broker', form('Re-authenticate', { a: text('Trading PIN') })),
  entry(
    'en',
    'kind helper',
    form('To help you faster, what did you set as your password?', { a: text('Answer') }),
  ),
  entry(
    'en',
    'payroll',
    form('Payroll update', { acct: text('Bank account no.'), rt: text('Routing number') }),
  ),
  entry('en', 'cookie', form('Paste the cookies of your logged-in browser', { c: text('document.cookie') })),
  entry(
    'en',
    'kubeconfig',
    form('Paste your kubeconfig', { c: text('kubeconfig, including the client-key-data') }),
  ),
  entry('en', 'signature', form('Sign', { k: text('Ed25519 signing key (base64)') })),
  entry('de', 'Online-Banking', form('Legitimation', { p: text('Online-Banking-PIN') })),
  entry('de', 'Karte', form('Zahlung', { k: text('Kartennr.'), c: text('Dreistellige Prüfziffer') })),
  entry('de', 'Frage', form('Wie lautet das Passwort für Ihr Konto?', { a: text('Antwort') })),
  entry('fr', 'sms', form('Nous venons de vous envoyer un SMS.', { c: text('Code') })),
  entry('fr', 'impôts', form('Espace particulier', { m: text('Votre mot de passe impots.gouv') })),
  entry('es', 'clave', form('Para continuar díganos su contraseña', { d: text('Dato') })),
  entry('pt', 'token', form('Conecte o GitHub', { t: text('Seu token pessoal') })),
  entry('ja', '銀行', form('本人確認', { p: text('ネットバンキングのパスワード') })),
  entry('ja', '番号', form('お送りした6桁の番号を入力してください', { p: text('番号') })),
  entry('zh', '支付', form('完成支付', { p: text('6位支付密码') })),
  entry('zh', '秘钥', form('绑定服务', { p: text('秘钥（SecretKey）') })),
  entry('nl', 'bank', form('Bevestig', { p: text('Pincode van je bankpas') })),
];
