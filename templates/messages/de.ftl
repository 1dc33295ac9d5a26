### Die Wörter der Seiten und ihrer Markdown-Fassungen auf Deutsch, in der Form von Project Fluent
### (projectfluent.org/fluent/guide). Wer liest, wird nicht angeredet: weder Sie noch du.

## Um jede Seite herum

skip = Zum Inhalt springen
notice = Hinweis
menu = Menü
dark-theme = Dunkle Darstellung
pages = Seiten
on-this-page = Auf dieser Seite
moved-here = Das Gesuchte steht jetzt hier
links = Links
edit = Diese Seite bearbeiten
as-markdown = Als Markdown ansehen

## Die eigenen Werte

bot-id = Bot-ID
your-values = Eigene Werte
values-help = Die Beispiele auf diesen Seiten erscheinen mit den Werten, die hier eingetragen sind. Die Werte bleiben im Browser, nur für diesen Besuch.
fill-in = Einsetzen
clear = Leeren
wrong-value = Ungültiger Wert für { $variable }.
wrong-value-like = Ein gültiger Wert ist zum Beispiel { $example }
wrong-value-pattern = Er muss dem Muster { $pattern } entsprechen
wrong-value-long = Erlaubt sind höchstens { $number } Zeichen.
wrong-value-address = Er muss mit https:// oder http:// beginnen und einen Host nennen.
wrong-value-typed = Ein Link darf diesen Wert nicht einsetzen. Er gilt nur, wenn er hier eingetragen wird.
values-from-link = Ein Link auf diese Seite hat eingesetzt:
keep-values = Behalten
undo = Rückgängig machen
undone = Die Werte des Links sind zurückgenommen.
filled-in = Die Werte sind in die Beispiele eingesetzt.
cleared = Die Beispiele zeigen wieder Platzhalter.

## Kopieren

address = Adresse
copy = Kopieren
copied = Kopiert
copy-failed = Fehlgeschlagen
copied-what = Kopiert: { $what }
copy-failed-help = Das Kopieren ist fehlgeschlagen. Der Text ist markiert und lässt sich mit der Tastatur kopieren.
code-sample = { $language }-Code { $number }
copy-as-markdown = Als Markdown kopieren
this-page-as-markdown = diese Seite als Markdown
markdown-from-disk = Eine lokal geöffnete Seite darf im Browser ihr Markdown nicht lesen. Es lässt sich ansehen und dort kopieren.
markdown-not-loaded = Das Markdown ließ sich nicht laden. Ein zweiter Versuch kann helfen; sonst lässt es sich ansehen und dort kopieren.
markdown-not-copied = Der Browser hat das Kopieren verweigert. Das Markdown lässt sich ansehen und dort kopieren.
wrap-lines = Zeilen umbrechen

## Einen Stream abspielen

play = Abspielen
stop = Anhalten
raw = Rohdaten
stream-plays = Der Stream läuft, Anzahl der Einträge: { $number }.
stream-stopped = Angehalten. Der ganze Stream ist zu sehen.
stream-ended = Der Stream ist zu Ende.

## Suche

search = Suchen
search-for = in Feldern, Events, Anleitungen
search-what = Felder, Events, Anleitungen durchsuchen
search-keys = Strg K
search-hint = Gesucht werden kann nach dem Namen eines Endpunkts, eines Felds oder Events, nach der Nummer eines Fehlers und nach jedem Wort einer Anleitung.
search-results = Treffer
search-one = 1 Treffer
search-many = { $number } Treffer
search-first = Die ersten { $shown } von { $number } Treffern
search-similar = In dieser Schreibweise nicht gefunden; ähnlich: { $number }
search-none = Nichts gefunden für „{ $query }“. Weniger oder andere Wörter, der Name eines Felds oder die Nummer eines Fehlers führen eher zum Ziel.
search-from-disk = Für die Suche muss die Site im Web liegen: Eine lokal geöffnete Seite darf im Browser den Index nicht laden. Es bleibt die Suche des Browsers auf dieser Seite, oder ein lokaler Server zeigt den Ordner.
search-not-loaded = Die Suche ließ sich nicht laden. Es hilft, die Verbindung zu prüfen und diese Seite neu zu laden.
close = Schließen

## Seiten ohne eigenen Inhalt

not-found = Hier ist keine Seite
not-found-help = Vielleicht ist der Link veraltet, oder die Adresse enthält einen Tippfehler. Weiter geht es auf { $home } oder hier:
first-page = der ersten Seite
all-pages = Alle Seiten
moved = Umgezogen
moved-to = Diese Seite steht jetzt unter { $page }.

## Die Seite einer API

base-url = Basis-URL
base-url-of = Basis-URL · { $title }
another-base-url = Weitere Basis-URL
authentication = Authentifizierung
authentication-none = Nicht erforderlich.
authentication-none-here = Hier nicht erforderlich.
auth-place-none = nichts
auth-place-query = Query-Parameter
auth-place-header = Header
endpoints = Endpunkte
no-endpoints = Hier sind noch keine Endpunkte beschrieben.
endpoint-deprecated = Veraltet.
internal = Intern: Dieser Endpunkt wird nicht veröffentlicht.
internal-page = Intern: Diese Seite wird nicht veröffentlicht.
path-parameters = Pfadparameter
query-parameters = Query-Parameter
header-parameters = Header
cookie-parameters = Cookies
request-body = Request-Body
responses = Antworten
response-headers = Header
status-default = jeder andere Status
stream = Stream

## Beispiele

example = Beispiel
examples = Beispiele
request = Anfrage
streaming-request = Anfrage mit Stream
answer = Antworten
response = Antwort
response-status = Antwort { $status }
other-status = Anderer Status
languages = Sprachen
in-other-languages = In anderen Sprachen: { $links }
example-file = eine Datei, etwa { $file }
pieces-joined = Zusammengesetzt ergeben die Teile { $to }
pieces-joined-whole = Zusammengesetzt ergeben die Teile die ganze Antwort

## Felder

any-other-name = jeder andere Name
required = erforderlich
optional = optional
may-be-missing = kann fehlen
deprecated = veraltet
deprecated-with = veraltet: { $note }
since = seit { $version }
form = Variante { $number }
same-again = Noch einmal dasselbe: siehe { $field }.
inside-fields =
    { $count ->
        [one] { $count } Feld
       *[other] { $count } Felder
    }
inside-fields-of-item =
    { $count ->
        [one] { $count } Feld je Element
       *[other] { $count } Felder je Element
    }
inside-forms =
    { $count ->
        [one] { $count } Variante
       *[other] { $count } Varianten
    }
inside-forms-of-item =
    { $count ->
        [one] { $count } Variante je Element
       *[other] { $count } Varianten je Element
    }
inside-other-fields = Felder
inside-other-fields-of-item = Felder je Element

## Typen: einzeln, dann im Dativ der Mehrzahl hinter „Array aus“

type-string = String
type-number = Zahl
type-integer = ganze Zahl
type-boolean = Boolean
type-object = Objekt
type-array = Array
type-array-of = Array aus { $items }
type-file = Datei
type-null = null
type-any = beliebiger Wert
type-forms =
    { $count ->
        [one] { $count } Variante
       *[other] eine von { $count } Varianten
    }
type-strings = Strings
type-numbers = Zahlen
type-integers = ganzen Zahlen
type-booleans = Booleans
type-objects = Objekten
type-arrays = Arrays
type-arrays-of = Arrays aus { $items }
type-files = Dateien
type-nulls = null
type-anys = beliebigen Werten
type-or = { $first } oder { $second }
type-format = { $type } ({ $format })

## Welche Werte ein Feld annimmt

fact-always = immer { $value }
fact-one-of = einer von: { $values }
fact-default = Standardwert { $value }
fact-example = Beispiel: { $value }
fact-range = von { $low } bis { $high }
fact-at-least = mindestens { $value }
fact-at-most = höchstens { $value }
fact-more-than = größer als { $value }
fact-less-than = kleiner als { $value }
fact-multiple-of = ein Vielfaches von { $value }
fact-pattern = entspricht dem Muster { $pattern }
fact-unique-items = kein Element kommt doppelt vor
fact-told-apart = unterschieden durch { $field }
fact-more-fields = weitere Felder sind erlaubt
fact-no-other-fields = keine weiteren Felder
fact-of-item = je Element: { $fact }
characters-exactly = genau { $count } Zeichen
characters-range = { $low } bis { $high } Zeichen
characters-at-least = mindestens { $count } Zeichen
characters-at-most = höchstens { $count } Zeichen
items-exactly =
    { $count ->
        [one] genau { $count } Element
       *[other] genau { $count } Elemente
    }
items-range = { $low } bis { $high } Elemente
items-at-least =
    { $count ->
        [one] mindestens { $count } Element
       *[other] mindestens { $count } Elemente
    }
items-at-most =
    { $count ->
        [one] höchstens { $count } Element
       *[other] höchstens { $count } Elemente
    }

## Streams

format-sse = Server-Sent Events
format-jsonl = JSON Lines
format-text = reiner Text
data-text = Text
data-json = JSON
data-empty = ohne Daten
occurs-on-failure = im Fehlerfall
occurs-last = zuletzt
occurs-first = zuerst
occurs-once = einmal
occurs-optional = höchstens einmal
occurs-repeats = mehrmals
event-data-is = die Daten sind { $data }
event-where = mit { $place } gleich { $value }
event-joins = { $from } ergibt, der Reihe nach zusammengesetzt, { $to } der Antwort
event-joins-whole = { $from } ergibt, der Reihe nach zusammengesetzt, die ganze Antwort
event-data-joins = ergibt, der Reihe nach zusammengesetzt, { $to } der Antwort
event-data-joins-whole = ergibt, der Reihe nach zusammengesetzt, die ganze Antwort
event-equals = { $from } ist gleich { $to } der Antwort
event-equals-whole = { $from } ist gleich der ganzen Antwort
event-data-equals = ist gleich { $to } der Antwort
event-data-equals-whole = ist gleich der ganzen Antwort
stream-joins = zusammengesetzt ergeben die Teile { $to } der Antwort
stream-joins-whole = zusammengesetzt ergeben die Teile die ganze Antwort

## Anleitungen

note = Hinweis
tip = Tipp
important = Wichtig
warning = Warnung
caution = Vorsicht
task-done = Erledigt
task-open = Offen
link-to = Link zu { $title }
table = Tabelle: { $head }
footnotes = Fußnoten
footnote = Fußnote { $number }
footnote-back = Zurück zum Verweis { $number }
footnote-back-again = Zurück zum Verweis { $number }, Stelle { $time }

## Markdown-Fassungen und ihre Verzeichnisse

twin-about = { $site }: Alle Seiten sind in { $list } aufgeführt.
twin-about-full = { $site }: Alle Seiten sind in { $list } aufgeführt und stehen vollständig in { $full }.
twin-for-bot = Für den Bot { $id }.
twin-values = An den folgenden Stellen sind eigene Werte einzusetzen:
twin-auth-none = nicht erforderlich
twin-auth-bearer = ein Bearer-Token in einem Header
twin-auth-basic = Benutzername und Passwort in einem Header
twin-auth-key-in-query = ein API-Schlüssel im Query-String
twin-auth-key-in-header = ein API-Schlüssel in einem Header
content-type = Content-Type
all-in-one-file = Alle Seiten in einer Datei
other-pages = Weitere Seiten
source = Quelle
