### The words of the pages and of their Markdown twins, in the form of Project Fluent
### (projectfluent.org/fluent/guide). A translation has the same messages with the same arguments;
### their order in a sentence is free. A message that it lacks is shown in English.

## Around every page

skip = Skip to content
notice = Notice
menu = Menu
dark-theme = Dark theme
pages = Pages
on-this-page = On this page
moved-here = What you are looking for has moved here
links = Links
edit = Edit this page
as-markdown = View as Markdown

## The reader's own values

bot-id = Bot ID
your-values = Your values
values-help = The examples on these pages are filled in with what you enter. It stays in your browser, for this visit.
fill-in = Fill in
clear = Clear
# What is wrong with a value: this, then one of the next.
wrong-value = This is no { $variable }.
wrong-value-like = One looks like { $example }
wrong-value-pattern = It must match { $pattern }
wrong-value-long = It has at most { $number } characters.
wrong-value-address = It begins with https:// or http://, and names a host.
wrong-value-typed = A link can’t fill in this value. Enter it yourself.
values-from-link = A link to this page filled in:
keep-values = Keep
undo = Undo
undone = What the link filled in is taken back.
filled-in = The examples are filled in.
cleared = The examples show placeholders again.

## Copying

# The method and address of an endpoint, as a thing to copy.
address = address
copy = Copy
copied = Copied
copy-failed = Failed
# For screen readers: $what is the name of what was copied.
copied-what = Copied: { $what }
copy-failed-help = Copying failed. The text is selected: copy it with the keyboard.
# The name of a piece of code in a text: $language is Python or JSON, $number counts the pieces.
code-sample = { $language } code { $number }
copy-as-markdown = Copy as Markdown
this-page-as-markdown = this page as Markdown
markdown-from-disk = From disk, the browser does not let a page read its Markdown. View it and copy it there.
markdown-not-loaded = The Markdown could not be loaded. Try again, or view it and copy it there.
markdown-not-copied = The browser refused to copy. View the Markdown and copy it there.
wrap-lines = Wrap lines

## Playing a stream

play = Play
stop = Stop
raw = Raw
stream-plays = The stream plays: { $number } items.
stream-stopped = Stopped. All of the stream is shown.
stream-ended = The stream has ended.

## Search

search = Search
# Follows the word above, on wide screens.
search-for = fields, events, guides
search-what = Search fields, events, guides
search-keys = Ctrl K
search-hint = Type the name of an endpoint, a field or an event, the number of an error, or any word of a guide.
search-results = Results
search-one = 1 result
search-many = { $number } results
search-first = The first { $shown } of { $number } results
search-similar = Not found as written; similar: { $number }
search-none = Nothing found for “{ $query }”. Try fewer or other words, a field’s name, or an error’s number.
search-from-disk = Search needs the site to be on the web: your browser lets no page opened from disk load the index. Use the browser’s own search in this page, or let a local server show the folder.
search-not-loaded = Search could not be loaded. Check the connection, then load this page again.
close = Close

## Pages without a content of their own

not-found = There is no page here
not-found-help = The link that brought you here may be old, or the address mistyped. Begin at { $home }, or choose one:
first-page = the first page
all-pages = All pages
moved = Moved
moved-to = This page is now at { $page }.

## The page of an API

base-url = Base URL
base-url-of = Base URL · { $title }
another-base-url = Another base URL
authentication = Authentication
authentication-none = None is needed.
authentication-none-here = None is needed here.
auth-place-none = nothing
auth-place-query = query parameter
auth-place-header = header
endpoints = Endpoints
no-endpoints = No endpoints are described here yet.
endpoint-deprecated = Deprecated.
internal = Internal: this endpoint is not published.
internal-page = Internal: this page is not published.
path-parameters = Path parameters
query-parameters = Query parameters
header-parameters = Headers
cookie-parameters = Cookies
request-body = Request body
responses = Responses
response-headers = Headers
status-default = any other status
stream = Stream

## Examples

example = Example
examples = Examples
request = Request
streaming-request = Streaming request
answer = Answer
response = Response
response-status = Response { $status }
other-status = Other status
languages = Languages
# The languages whose samples a twin leaves to the page, as links.
in-other-languages = In other languages: { $links }
# The example of a body that is bytes.
example-file = a file, such as { $file }
pieces-joined = Joined, the pieces are { $to }
pieces-joined-whole = Joined, the pieces are the whole response

## Fields

any-other-name = any other name
required = required
optional = optional
may-be-missing = may be missing
deprecated = deprecated
deprecated-with = deprecated: { $note }
since = since { $version }
# One of several forms, by its number, where its schema has no name.
form = Form { $number }
same-again = The same again: see { $field }.
inside-fields =
    { $count ->
        [one] { $count } field
       *[other] { $count } fields
    }
inside-fields-of-item =
    { $count ->
        [one] { $count } field of an item
       *[other] { $count } fields of an item
    }
inside-forms =
    { $count ->
        [one] { $count } form
       *[other] { $count } forms
    }
inside-forms-of-item =
    { $count ->
        [one] { $count } form of an item
       *[other] { $count } forms of an item
    }
inside-other-fields = Fields
inside-other-fields-of-item = Fields of an item

## Types: of one value, then of the items of an array

type-string = string
type-number = number
type-integer = integer
type-boolean = boolean
type-object = object
type-array = array
type-array-of = array of { $items }
type-file = file
type-null = null
type-any = any value
type-forms =
    { $count ->
        [one] { $count } form
       *[other] one of { $count } forms
    }
type-strings = strings
type-numbers = numbers
type-integers = integers
type-booleans = booleans
type-objects = objects
type-arrays = arrays
type-arrays-of = arrays of { $items }
type-files = files
type-nulls = null
type-anys = any values
type-or = { $first } or { $second }
type-format = { $type } ({ $format })

## What values a field takes

fact-always = always { $value }
fact-one-of = one of { $values }
fact-default = default { $value }
fact-example = example { $value }
fact-range = from { $low } to { $high }
fact-at-least = at least { $value }
fact-at-most = at most { $value }
fact-more-than = more than { $value }
fact-less-than = less than { $value }
fact-multiple-of = a multiple of { $value }
fact-pattern = matches { $pattern }
fact-unique-items = no two items alike
fact-told-apart = told apart by { $field }
fact-more-fields = more fields allowed
fact-no-other-fields = no other fields
fact-of-item = each item: { $fact }
characters-exactly =
    { $count ->
        [one] exactly { $count } character
       *[other] exactly { $count } characters
    }
characters-range = { $low } to { $high } characters
characters-at-least =
    { $count ->
        [one] at least { $count } character
       *[other] at least { $count } characters
    }
characters-at-most =
    { $count ->
        [one] at most { $count } character
       *[other] at most { $count } characters
    }
items-exactly =
    { $count ->
        [one] exactly { $count } item
       *[other] exactly { $count } items
    }
items-range = { $low } to { $high } items
items-at-least =
    { $count ->
        [one] at least { $count } item
       *[other] at least { $count } items
    }
items-at-most =
    { $count ->
        [one] at most { $count } item
       *[other] at most { $count } items
    }

## Streams

format-sse = server-sent events
format-jsonl = JSON Lines
format-text = plain text
data-text = text
data-json = JSON
data-empty = no data
occurs-on-failure = on failure
occurs-last = last
occurs-first = first
occurs-once = once
occurs-optional = at most once
occurs-repeats = repeats
event-data-is = its data is { $data }
event-where = where { $place } is { $value }
# What an event's values are in the response: $from is a place in its data, $to one in the response.
event-joins = { $from } joined in order is { $to } of the response
event-joins-whole = { $from } joined in order is the whole response
event-data-joins = joined in order is { $to } of the response
event-data-joins-whole = joined in order is the whole response
event-equals = { $from } equals { $to } of the response
event-equals-whole = { $from } equals the whole response
event-data-equals = equals { $to } of the response
event-data-equals-whole = equals the whole response
stream-joins = joined, the pieces are { $to } of the response
stream-joins-whole = joined, the pieces are the whole response

## Guides

note = Note
tip = Tip
important = Important
warning = Warning
caution = Caution
task-done = Done
task-open = To do
link-to = Link to { $title }
table = Table: { $head }
footnotes = Footnotes
footnote = Footnote { $number }
footnote-back = Back to reference { $number }
footnote-back-again = Back to reference { $number }, time { $time }

## Twins and the lists of them

twin-about = { $site }: all pages are listed in { $list }.
twin-about-full = { $site }: all pages are listed in { $list }, and in full in { $full }.
twin-for-bot = For the bot { $id }.
twin-values = Put your own values where these stand:
twin-auth-none = none is needed
twin-auth-bearer = a bearer token in a header
twin-auth-basic = user name and password in a header
twin-auth-key-in-query = an API key in the query
twin-auth-key-in-header = an API key in a header
content-type = Content type
all-in-one-file = All pages in one file
other-pages = Other pages
source = Source
