/** French, Spanish, Portuguese and Italian: the property stands before what it belongs to, joined by "de". */

import { type Grammar, type Noun, nouns, words } from './language.js';

export const FRENCH: readonly Noun[] = nouns('fr', {
  password:
    'mots? de passe?|mdp|codes? (?:confidentiels?|secrets?|pin|d acces|de la carte bancaire)|(?:vos |tes |les )?identifiants (?:de connexion|bancaires|et mot)|phrases? de passe',
  token:
    'jetons? (?:d acces|d authentification|d api|api|de session|secret|personnel|porteur|de rafraichissement|d identite)|jeton',
  'api-key': 'cles? (?:d |de l )?api|cles? (?:secretes?|d acces|d authentification)(?: api)?',
  'private-key': 'cles? (?:ssh |pgp )?privees?|cles? de (?:signature|chiffrement)',
  'payment-card':
    'numeros? (?:de |a \\d+ chiffres de )(?:la |votre |ta )?carte(?! (?:de )?(?:fidelite|membre|bibliotheque|vitale|etudiant|d identite|d abonne))(?: bancaire| bleue| de credit| de paiement)?|carte (?:bancaire|bleue|de credit)|donnees de (?:la |votre )?carte|cryptogramme(?: visuel)?|date d expiration de la carte',
  'bank-account': 'rib|numero de compte(?: bancaire)?|coordonnees bancaires',
  'one-time-code':
    'codes? (?:de (?:verification|validation|confirmation|securite|connexion)|a usage unique|recus? par|sms|otp|a (?:\\d+|six|quatre) chiffres|d authentification|temporaire|envoyes? (?:par|a|sur))',
  'national-id':
    'numero (?:de |d )(?:securite sociale|(?:la |votre )?carte d identite|identite nationale|passeport|permis de conduire)|numero fiscal|nir',
  'recovery-phrase':
    'phrases? (?:de recuperation|secretes?|mnemoniques?|de restauration)|codes? de (?:recuperation|secours)|cle de (?:recuperation|secours)|vos (?:12|24|douze) mots',
  'security-answer':
    'reponse a (?:votre |la |ta |une )?question (?:secrete|de securite)|nom de jeune fille de (?:votre|ta|sa|la) mere',
});

export const FRENCH_GRAMMAR: Grammar = {
  ask: words(
    'saisissez saisir saisis saisie entrez entrer entre indiquez indiquer indique donnez donner donne fournissez fournir communiquez communiquer tapez taper tape collez coller envoyez envoyer transmettez transmettre renseignez renseigner confirmez confirmer confirme repetez necessite exige precisez inserez ecrivez veuillez',
  ),
  askAfter: words('requis requise obligatoire necessaire svp'),
  not: words('jamais pas aucun aucune sans ni non'),
  link: words(
    'de du des d pour par sur avec dans a au aux dont ou quand comment en quel quelle quels quelles si chez',
  ),
  keep: words(
    'saisie valeur confirmation contenu besoin repetition connectez connecter confirmez confirmer chiffres caracteres',
  ),
  mention: words(
    'reinitialiser reinitialisez changer changez modifier modifiez oublie creer creez supprimer generer revoquer renouveler stocke stockons conserve conservons enregistre enregistrons utilise utilisons choisir choisissez protege',
  ),
  aspect: words('oublie oublies expire expires expiree nomme nommee stocke robuste valable'),
  condition: words('si sinon'),
};

export const SPANISH: readonly Noun[] = nouns('es', {
  password:
    '[a-z]*contrasenas?|contrasenias?|claves? (?:de (?:acceso|usuario|seguridad|internet|cajero|la cuenta|tu cuenta|su cuenta)|personal(?:es)?|bancarias?|wifi|de wifi)|(?:su|tu|la|mi) clave(?! (?:de|del|publica|primaria|foranea|dinamica|unica))|credenciales?|palabra de paso|codigos? (?:pin|secretos?|de acceso)|numero secreto|nip(?: de (?:su|tu|la) tarjeta)?|frase de contrasena',
  token: '(?:tokens?|fichas?) (?:de|personal de) (?:acceso|autenticacion|sesion|seguridad|api|portador)',
  'api-key':
    '(?:claves?|llaves?) (?:de )?(?:la |tu |su )?api|(?:claves?|llaves?) secretas?|llaves? de acceso',
  'private-key': '(?:claves?|llaves?) (?:ssh )?privadas?|clave de (?:firma|cifrado)',
  'payment-card':
    '(?:numeros?|datos) de (?:la |su |tu )?tarjeta(?! (?:de )?(?:fidel|cliente|socio|embarque|biblioteca|puntos|identidad|sanitaria))(?: de credito| de debito| bancaria)?|tarjeta de (?:credito|debito)|codigo de seguridad de (?:la|su|tu) tarjeta',
  'bank-account': 'numero de cuenta(?: bancaria)?|datos bancarios|cbu|clabe(?: interbancaria)?',
  'one-time-code':
    'codigos? (?:de (?:verificacion|confirmacion|seguridad|un solo uso|uso unico|autenticacion|autorizacion|\\d+ digitos|seis digitos|cuatro digitos)|otp|sms|recibidos?|temporal|que (?:le|te) (?:hemos |ha )?(?:envi\\w+|lleg\\w+))|clave dinamica|token digital',
  'national-id':
    'dni|nie|numero de (?:la )?(?:seguridad social|pasaporte|identidad|identificacion personal|cedula)|curp|cedula de (?:identidad|ciudadania)',
  'recovery-phrase':
    'frases? (?:semilla|de recuperacion|secretas?|mnemonicas?)|codigos? de (?:recuperacion|respaldo)|palabras (?:semilla|de recuperacion)|(?:sus|tus) (?:12|24|doce) palabras',
  'security-answer':
    'respuesta (?:a (?:su |tu |la )?|de )?(?:pregunta )?(?:secreta|de seguridad)|apellido de soltera(?: de (?:su|tu) madre)?',
});

export const SPANISH_GRAMMAR: Grammar = {
  ask: words(
    'introduzca introduce introducir ingrese ingresa ingresar ingresando escriba escribe escribir proporcione proporciona proporcionar facilite facilita facilitenos indique indica indiquenos envie envia enviar pegue pega pegar digite digita digitar confirme confirma confirmar repita repite necesitamos necesita necesito requiere teclee teclea dinos diganos dime ponga pon comparta rellene complete',
  ),
  askAfter: words('requerida requerido obligatoria obligatorio necesaria necesario aqui'),
  not: words('nunca no sin jamas ningun ninguna ni tampoco'),
  link: words('de del para por con sobre en a al que cuyo cuya donde cuando como desde cual si qual'),
  keep: words(
    'valor contenido confirmacion repeticion necesitamos confirme confirma acceda inicie entre digitos caracteres',
  ),
  mention: words(
    'restablecer restablezca cambiar cambie olvido olvidado crear cree eliminar generar revocar rotar guardamos guarda almacena almacenamos usa usamos elegir elija',
  ),
  aspect: words(
    'olvidada olvidado caducada caducado expirada expirado segura temporal almacenada primaria foranea publica',
  ),
  condition: words('si'),
};

export const PORTUGUESE: readonly Noun[] = nouns('pt', {
  password:
    'senhas?(?! (?:de|para) (?:atendimento|espera|fila))|palavras? passe|contra ?senhas?|credencia(?:l|is)|codigos? (?:pin|secretos?|de acesso)|frase secreta de acesso',
  token: 'tokens? (?:de|pessoal de) (?:acesso|autenticacao|sessao|seguranca|api)',
  'api-key': 'chaves? (?:de |da |secreta da )?(?:sua )?api|chaves? (?:secretas?|de acesso)',
  'private-key': 'chaves? (?:ssh )?privadas?|chave de (?:assinatura|criptografia)',
  'payment-card':
    '(?:numeros?|dados) d[eo] (?:seu |teu )?cartao(?! (?:de )?(?:fidel|embarque|cliente|sus|cidadao|pontos|visita))(?: de credito| de debito)?|cartao de (?:credito|debito)|codigo de seguranca do (?:seu )?cartao',
  'bank-account': 'numero da (?:sua )?conta(?: bancaria)?|dados bancarios|conta bancaria',
  'one-time-code':
    'codigos? (?:de (?:verificacao|confirmacao|seguranca|autenticacao|autorizacao|uso unico|\\d+ digitos|seis digitos|quatro digitos)|recebidos?|sms|otp|enviados?|que (?:voce recebeu|enviamos|te enviamos))',
  'national-id':
    'cpf|numero (?:do|de|da) (?:seu )?(?:cpf|rg|passaporte|seguranca social|identidade|cartao de cidadao|utente)',
  'recovery-phrase':
    'frases? (?:semente|de recuperacao|secretas?|mnemonicas?)|codigos? de (?:recuperacao|backup)|palavras de recuperacao|(?:suas|tuas) (?:12|24|doze) palavras|chave de recuperacao',
  'security-answer':
    'resposta (?:a |da |de |para )?(?:sua )?(?:pergunta )?(?:secreta|de seguranca)|nome de solteira(?: d[ae] (?:sua )?mae)?',
});

export const PORTUGUESE_GRAMMAR: Grammar = {
  ask: words(
    'digite digita digitar insira inserir introduza introduzir informe informa informar forneca fornecer cole colar envie enviar confirme confirmar repita escreva escrever indique precisamos preciso precisa requer exige diga preencha preencher coloque compartilhe partilhe mande',
  ),
  askAfter: words('obrigatoria obrigatorio necessaria necessario exigida aqui'),
  not: words('nunca nao sem jamais nenhum nenhuma nem'),
  link: words(
    'de do da dos das para por com sobre em no na nos nas ao cujo cuja onde quando como pelo pela qual se que',
  ),
  keep: words(
    'valor conteudo confirmacao repeticao precisamos preciso precisa confirme entre acesse digitos caracteres',
  ),
  mention: words(
    'redefinir redefina alterar altere esqueci esqueceu criar crie excluir gerar gere revogar trocar troque armazena armazenamos salva salvamos guarda guardamos usa usamos escolher escolha',
  ),
  aspect: words(
    'esquecida esquecido expirada expirado forte provisoria armazenada primaria estrangeira publica',
  ),
  condition: words('se caso'),
};

export const ITALIAN: readonly Noun[] = nouns('it', {
  password:
    'parol[ae] d ordine|parola chiave di accesso|codic[ei] (?:pin|di accesso|segret[oi])|credenziali|frase d accesso',
  token: 'token (?:di|personale di) (?:accesso|autenticazione|sessione|sicurezza)',
  'api-key': 'chiav[ei] (?:dell |delle |per l )?api|chiav[ei] (?:segret[ae]|(?:di |d )accesso)',
  'private-key': 'chiav[ei] (?:ssh )?privat[ae]|chiave di (?:firma|cifratura)',
  'payment-card':
    '(?:numer[oi]|dati) (?:di|della) (?:tua |sua )?carta(?! (?:di |d )?(?:fedelta|imbarco|identita|socio|punti))(?: di (?:credito|debito))?|carta di (?:credito|debito)|codice di sicurezza della carta',
  'bank-account': 'coordinate bancarie|numero di conto(?: corrente)?',
  'one-time-code':
    'codic[ei] (?:di (?:verifica|conferma|sicurezza|autenticazione|autorizzazione)|otp|monouso|sms|ricevut[oi]|inviat[oi]|a (?:\\d+|sei|quattro) cifre)',
  'national-id': 'codice fiscale|numero (?:di|del|della) (?:passaporto|carta d identita|previdenza sociale)',
  'recovery-phrase':
    'frase (?:seed|di recupero|segreta|mnemonica)|codic[ei] di (?:recupero|backup)|le (?:tue|sue) (?:12|24|dodici) parole',
  'security-answer':
    'risposta (?:alla (?:tua |sua )?)?domanda (?:segreta|di sicurezza)|cognome da nubile(?: di (?:tua|sua) madre)?',
});

export const ITALIAN_GRAMMAR: Grammar = {
  ask: words(
    'inserisci inserisca inserire digita digiti digitare fornisci fornisca fornire incolla incolli incollare indica indichi indicare scrivi scriva invia invii inviare conferma confermi confermare ripeti ripeta serve servono occorre immetti immettere comunica comunichi condividi richiede',
  ),
  askAfter: words('richiesta richiesto obbligatoria obbligatorio necessaria qui'),
  not: words('mai non senza nessun nessuna ne'),
  link: words(
    'di del della dello dei delle degli d per con su sul sulla in nel nella da dal a al alla che cui quale dove quando come se',
  ),
  keep: words('valore contenuto conferma bisogno ripetizione confermi accedi cifre caratteri'),
  mention: words(
    'reimpostare reimposta cambiare cambia dimenticato creare crea eliminare generare revocare salviamo conserva conserviamo usa usiamo scegliere scegli',
  ),
  aspect: words('dimenticata dimenticato scaduta scaduto primaria esterna pubblica'),
  condition: words('se altrimenti'),
};
