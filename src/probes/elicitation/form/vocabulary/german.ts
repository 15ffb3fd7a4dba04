/** German and Dutch: compounds, and verbs behind what they ask for. */

import { type Grammar, type Noun, nouns, words } from './language.js';

export const GERMAN: readonly Noun[] = nouns('de', {
  password:
    '[a-z]*passwo(?:e)?rt(?:e|er|ern|es|s)?|[a-z]*passwoerter|[a-z]*kennw(?:o|oe)rt(?:e|er|ern|es|s)?|zugangsdaten|anmeldedaten|login ?daten|einwahldaten|zugangscodes?|zugangskennung|geheimzahl(?:en)?|geheimnummer|losungswort|passphrasen?|[a-z]*pin nummern?|(?:karten|sim|online|banking|telefon) ?pins?|entsperrcode|entsperrmuster',
  token:
    '(?:zugriffs|zugangs|sitzungs|authentifizierungs|authentisierungs|aktualisierungs|anmelde|api|bearer|dienst) ?tokens?|client geheimnis|sitzungscookies?',
  'api-key':
    'api ?schlue?ssels?|(?:zugriffs|zugangs|geheim|haupt|dienst)schlue?ssels?|geheime[rnms]? (?:api |zugriffs)?schlue?ssels?',
  'private-key':
    'private[rnms]? (?:ssh |pgp |gpg )?schlue?ssels?|(?:signatur|verschlue?sselungs)schlue?ssels?',
  'payment-card':
    'kredit ?karten?(?: ?nummern?| ?daten)?|(?:drei|3) ?stellige (?:pr(?:u|ue)f(?:ziffer|nummer|zahl)|sicherheitsnummer)|karten ?(?:nummern?|nr|daten|pr(?:u|ue)f(?:nummer|ziffer|code|zahl)|sicherheitscode)|pr(?:u|ue)f(?:ziffer|nummer) (?:der|ihrer) (?:kredit)?karte|ec karten ?nummer|girocard nummer|bankkarten ?nummer',
  'bank-account': 'konto ?(?:nummern?|daten)|bank ?(?:verbindung|daten)|bankleitzahl',
  'one-time-code':
    '(?:m|sms |push |photo |chip |i )tans?(?: nummern?)?|(?:best(?:a|ae)tigungs|verifizierungs|verifikations|sicherheits|authentifizierungs|freigabe|freischalt|anmelde|sms|einmal|zwei faktor|2fa|login|pr(?:u|ue)f) ?codes?|einmal ?(?:passw|kennw)(?:o|oe)rt(?:er|es|s)?|(?:4|5|6|7|8|vier|f(?:u|ue)nf|sechs|sieben|acht) ?stellige[rnsm]? (?:code|zahl|zahlencode|nummer)s?|code aus (?:der|ihrer|deiner) (?:sms|e mail|app|authenticator app)',
  'national-id':
    'sozialversicherungs ?nummern?|steuer ?(?:id|identifikations ?nummer|identifikationsnummer)|(?:personal)?ausweis ?nummern?|reisepass ?nummern?|pass ?nummer|rentenversicherungs ?nummern?|ahv ?nummern?|f(?:u|ue)hrerschein ?nummer',
  'recovery-phrase':
    'wiederherstellungs ?(?:phrasen?|codes?|schlue?ssels?|w(?:o|oe)rter|satz)|merkphrasen?|seed ?phrasen?|(?:ihre|deine) (?:12|24|zw(?:o|oe)lf) w(?:o|oe)rter|notfallcodes?|ersatzcodes?',
  'security-answer':
    'sicherheitsantwort|antwort auf (?:ihre|deine|die|eine) (?:sicherheits|geheim)frage|(?:m(?:a|ae)dchen|geburts)namen? (?:ihrer|deiner|der) mutter',
});

export const GERMAN_GRAMMAR: Grammar = {
  ask: words(
    'geben gib gebt nennen nenne nenn teilen teile tragen trage tippen tippe senden sende schicken schicke fugen fuege fuegen fuge bestatigen bestatige bestaetigen wiederholen wiederhole benotigen benotigt benoetigen brauchen brauche braucht hinterlegen hinterlege erfassen verraten ubermitteln uebermitteln kopieren schreiben schreib verlangt erfordert lautet',
  ),
  askAfter: words(
    'eingeben ein angeben an mitteilen mit eintragen bestatigen bestaetigen wiederholen erforderlich benotigt benoetigt notwendig notig bitte nennen einfugen einfuegen senden schicken eintippen hinterlegen weitergeben eingegeben verlangt verraten',
  ),
  not: words('nie niemals nicht kein keine keinen keinem keiner keines ohne keinesfalls keineswegs weder'),
  link: words(
    'fur fuer zu zum zur mit von vom des uber ueber wegen nach aus bei beim im in auf ob welche welcher welches welchem welchen wo wann wie warum wenn falls deren dessen per via als anstelle statt',
  ),
  keep: words(
    'wert inhalt eingabe wiederholung bestatigung bestaetigung bestatigen bestaetigen anmelden einloggen ziffern zeichen teil feld bitten fragen',
  ),
  mention: words(
    'zurucksetzen andern aendern speichern speichert speichere rotieren widerrufen loschen loeschen erstellen erzeugen vergessen verwalten verwendet verwenden nutzt nutzen lauft laeuft setzen kennen sehen sieht wahlen waehlen',
  ),
  aspect: words(
    'richtlinie richtlinien lange laenge ablauf anzahl name namens verwaltung manager regel regeln dauer vergessen zurucksetzen zuruecksetzen andern aendern typ art bezeichnung gultigkeit gueltigkeit laufzeit limit rotation tresor speicher pfad kennung id format hinweis schutz geschutzt geschuetzt verfahren login wechsel rotieren widerrufen loschen spalte abgelaufen gespeichert generator',
  ),
  condition: words('wenn falls sofern sonst ansonsten'),
};

export const DUTCH: readonly Noun[] = nouns('nl', {
  password:
    '[a-z]*wachtwoord(?:en)?|[a-z]*wachtzin(?:nen)?|toegangscodes?|inlog ?gegevens|aanmeldgegevens|geheime code',
  token: '(?:toegangs|sessie|verificatie)tokens?',
  'api-key': 'api ?sleutels?|(?:toegangs|geheime ?)sleutels?',
  'private-key': 'prive ?sleutels?',
  'payment-card': '(?:credit ?card|betaalkaart|bankpas|kaart|creditkaart) ?(?:nummers?|gegevens)',
  'bank-account': '(?:bank)?rekening ?nummers?',
  'one-time-code':
    '(?:verificatie|bevestigings|beveiligings|sms|inlog|eenmalige) ?codes?|eenmalig wachtwoord|(?:\\d|zes|vier)cijferige codes?',
  'national-id': 'bsn(?: nummer)?|burgerservicenummer|paspoortnummer',
  'recovery-phrase': 'herstel(?:zin|codes?|woorden|sleutel)',
  'security-answer':
    'antwoord op (?:uw|je|de) (?:beveiligings|geheime ?|veiligheids)vraag|meisjesnaam van (?:uw|je) moeder',
});

export const DUTCH_GRAMMAR: Grammar = {
  ask: words(
    'voer vul typ plak stuur verstrek bevestig herhaal geef noem deel nodig vereist schrijf kopieer',
  ),
  askAfter: words('in invoeren invullen op vereist nodig verplicht graag doorgeven'),
  not: words('nooit niet geen zonder noch'),
  link: words('voor van met bij op over uit aan naar in waar welke welk wanneer hoe of als waarmee'),
  keep: words('waarde inhoud bevestiging bevestig inloggen aanmelden veld'),
  mention: words('resetten wijzigen vergeten aanmaken verwijderen roteren bewaren opslaan gebruikt beheren'),
  aspect: words('beleid lengte aantal naam vergeten wijzigen resetten beheer kluis type geldigheid verlopen'),
  condition: words('als indien tenzij anders'),
};
