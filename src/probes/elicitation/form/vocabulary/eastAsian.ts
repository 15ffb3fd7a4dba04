/** Japanese, Chinese and Korean: no spaces between words, the head of a phrase at its end, and the verb there too in two of them. */

import type { Noun, SecretKind } from './language.js';

function written(
  language: string,
  patterns: Readonly<Partial<Record<SecretKind, string>>>,
  unless: RegExp | null,
): readonly Noun[] {
  return Object.entries(patterns).map(([kind, inside]) => ({
    kind: kind as SecretKind,
    language,
    pattern: new RegExp(inside, 'gu'),
    unless,
  }));
}

const OTHER_TOKENS =
  /暗号資産|仮想通貨|ブロックチェーン|代币|代幣|区块链|區塊鏈|加密货币|암호화폐|블록체인|시세|価格|行情|最大|上限|최대|デザイントークン/u;
const OTHER_CARDS = /会员|會員|ポイント|会員|図書|图书|学生|门禁|积分|診察券|멤버십|회원|도서|포인트/u;

export const EAST_ASIAN: readonly Noun[] = [
  ...written(
    'ja',
    {
      password:
        'パスワード|パスフレーズ|パスコード|暗証番号|合言葉|ログイン情報|認証情報|資格情報|pin ?(?:コード|番号)|ピンコード',
      token:
        '(?:アクセス|認証|ベアラー|リフレッシュ|セッション|api|個人用アクセス) ?トークン|クライアント ?シークレット|シークレットトークン',
      'api-key': 'api ?(?:キー|鍵)|アクセスキー|シークレット(?:アクセス)?キー|秘密のキー',
      'private-key': '秘密鍵|秘密キー|プライベートキー|署名鍵|暗号鍵',
      'payment-card':
        '(?:クレジット|デビット) ?カード(?:番号|情報|の番号)?|カード情報|セキュリティ ?コード|カードの?有効期限',
      'bank-account': '口座番号|銀行口座(?:番号|情報)?',
      'one-time-code':
        '認証(?:コード|番号)|確認コード|ワンタイム ?(?:パスワード|コード)|(?:二|2)(?:段階|要素)認証(?:の)?(?:コード|番号)|検証コード|sms ?コード|ショートメッセージで届いた(?:番号|コード)|[4-8六四] ?桁の(?:コード|認証番号|確認番号)',
      'national-id': 'マイナンバー|個人番号|旅券番号|パスポート番号|運転免許証(?:の)?番号|社会保障番号',
      'recovery-phrase':
        '(?:リカバリー?|シード|復元|復旧|ニーモニック) ?フレーズ|ニーモニック|(?:バックアップ|リカバリー?|復旧|回復) ?コード',
      'security-answer': '秘密の(?:質問|質問へ)の(?:答え|回答|こたえ)|母親の旧姓|お母様の旧姓',
    },
    null,
  ),
  ...written(
    'ja',
    { token: '(?<!暗号)トークン', 'payment-card': 'カード番号' },
    new RegExp(`${OTHER_TOKENS.source}|${OTHER_CARDS.source}`, 'u'),
  ),
  ...written(
    'zh',
    {
      password:
        '密[码碼](?!学|學|鎖|锁)|口令|通行[码碼]|登[录錄]凭[证據据]|登入憑證|凭[据证]|憑證密碼|pin ?[码碼]|手势密码',
      token:
        '(?:访问|存取|訪問|身份|认证|認證|刷新|会话|會話|api|机器人) ?(?:令牌|权杖|權杖|token)|令牌|[权權]杖',
      'api-key':
        'api ?(?:密[钥鑰]|金[钥鑰]|key)|(?:访问|訪問|存取)(?:密[钥鑰]|金[钥鑰])|[密秘][钥鑰]|金鑰|appsecret|应用密钥',
      'private-key': '私[钥鑰]|私有(?:密|金)[钥鑰]|私密金鑰',
      'payment-card':
        '(?:信用卡|借记卡|借記卡|銀行卡|银行卡|金融卡|储蓄卡)(?:的)?(?:卡)?(?:号码?|號碼?|信息|資料|资料|账号)?|安全[码碼]|卡片背面|卡背',
      'bank-account': '银行(?:账号|账户|帐号)|銀行(?:帳號|帳戶)|账户号码',
      'one-time-code':
        '[验驗][证證][码碼]|校[验驗][码碼]|[动動][态態](?:码|碼|密码|密碼|口令)|一次性(?:密[码碼]|[验驗][证證][码碼]|代[码碼])|授[权權][码碼]',
      'national-id':
        '身份[证證](?:号码?|號碼?|件号码)|身分證(?:字號|號碼)|[护護]照[号號][码碼]?|社保[号號]|社会保险号',
      'recovery-phrase':
        '助[记記][词詞]|(?:恢复|恢復|备份|備份|復原)(?:短语|短語|词|詞|码|碼)|註記詞|种子短语|種子短語|(?:12|24|十二|二十四)个(?:助记)?单词',
      'security-answer':
        '(?:安全|密保)[问問][题題](?:的)?(?:答案|回答)|密保答案|母亲的?(?:婚前)?(?:姓氏|娘家姓)',
    },
    null,
  ).map((noun) => (noun.kind === 'token' ? { ...noun, unless: OTHER_TOKENS } : noun)),
  ...written('zh', { 'payment-card': '卡[号號][码碼]?' }, OTHER_CARDS),
  ...written(
    'ko',
    {
      password:
        '비밀 ?번호|암호(?!화)|패스워드|패스코드|핀 ?번호|pin ?번호|로그인 ?정보|인증 ?정보|계정 ?정보',
      token: '(?:액세스|인증|접근|접속|세션|api) ?토큰|클라이언트 ?시크릿',
      'api-key': 'api ?(?:키|key)|액세스 ?키|비밀 ?키|시크릿 ?키',
      'private-key': '개인 ?키|비공개 ?키|서명 ?키',
      'payment-card': '(?:신용|체크) ?카드(?: ?번호| ?정보)?|카드 ?정보|보안 ?코드',
      'bank-account': '계좌 ?번호',
      'one-time-code': '인증 ?번호|인증 ?코드|일회용 ?(?:비밀번호|코드|암호)|확인 ?코드|otp ?번호',
      'national-id': '주민 ?등록 ?번호|여권 ?번호|운전면허 ?번호',
      'recovery-phrase': '복구 ?(?:구문|문구|코드|키)|시드 ?(?:구문|문구)|니모닉|백업 ?코드',
      'security-answer': '보안 ?질문(?:의|에 대한)? ?(?:답|답변)|어머니(?:의)? ?(?:성함|결혼 전 성)',
    },
    null,
  ),
  ...written(
    'ko',
    { token: '토큰', 'payment-card': '카드 ?번호' },
    new RegExp(`${OTHER_TOKENS.source}|${OTHER_CARDS.source}`, 'u'),
  ),
];

/** Behind the noun: it belongs to something that is no secret. */
export const ASPECT_BEHIND =
  /^[\s」』"”)]*(?:の|的|의)?\s?(?:長さ|桁数|最小|最大|有効期[限間]|期限|ポリシー|方針|規則|要件|強度|名前|名称|名$|名[\s(（、]|数$|数[\s(（]|上限|種類|管理|マネージャー?|再設定|リセット|変更|更新日|ローテーション|保管|保存先|ヒント|id|識別子|リスト|一覧|使用量|発行|失効|消費|シンボル|価格|策略|政策|长度|長度|数量|數量|數$|名称|名稱|名字|名$|有效期|过期|過期|期限|类型|類型|管理|重置|重設|重设|修改|更改|找回|提示|强度|強度|规则|規則|要求|轮换|輪換|编号|編號|标识|保管库|格式|用量|上限|存储|價格|价格|정책|길이|개수|이름|명$|명[\s(]|만료|유효|유형|관리|재설정|변경|초기화|힌트|강도|규칙|수$|저장|회전|교체|사용량|발급|생성|만들)/u;
/** Behind the noun: it is forbidden or not needed. */
export const REFUSED_BEHIND =
  /^[^。！？\n;；]{0,24}?(?:しないで|ないでください|不要|必要(?:は)?ありません|いりません|求めません|禁止|控え|避けて|含めない|書かない|尋ねることは|お願いすることは|ません(?!か)|마세요|마십시오|않습니다|않아요|필요 ?없|금지|묻지)/u;
/** Before the noun: the same. */
export const REFUSED_BEFORE =
  /(?:请勿|請勿|不要|切勿|勿|无需|無需|不需要|不必|不会|不會|绝不|絕不|从不|不得|禁止|请别|严禁)[^。！？\n,，;；]{0,16}$/u;
/** Before the noun: something is done to it. */
export const MENTIONED_BEFORE =
  /(?:重置|重設|重设|修改|更改|忘记|忘記|轮换|輪換|撤销|撤銷|吊销|删除|刪除|创建|建立|生成|管理|保存|存储|儲存|泄露|洩漏|找回)(?:了|的|您的|你的)?[a-z ]{0,12}$/u;
export const ASKED_BEFORE =
  /(?:输入|輸入|填写|填寫|填入|提供|粘[贴帖]|貼上|告诉|告訴|发送|發送|提交|录入|回复|回覆|确认|確認|需要|设置|設定|键入|鍵入|补充)(?!法)[^。！？\n;；]{0,20}$/u;
export const ASKED_BEHIND =
  /^[^。！？\n;；]{0,20}?(?:入力|記入|教えて|提供|送信|送って|貼り付け|お知らせ|必要です|が必要|設定してください|确认|確認|입력|알려|제공|보내|붙여|기입|적어|필요합|필요해)/u;
/** What may stand behind a noun that ends a label. */
export const LABEL_END =
  /^[\s」』"”]*(?:$|[。.:：*?？!！、,，;；|(（[【{「『/／\n-]|を|です|は$|（|確認|再入力|再度|入力|を入力|ください|번호|입력|확인|재입력|을|를|以|来(?!源)|才能|方可|进行|进入|继续|是什么|是什麼|是多少|为|為|确认|[0-9])/u;
export const LETTERS = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}]/u;
