# METADATA
# title: Elicitation
# description: What a server would put before a user, where it would send that user, and what it makes of the answer.
package mcp.elicitation

# METADATA
# scope: rule
# title: Users would be sent where nobody has looked
# description: >-
#   Whoever controls a server, or breaks into it, can send its users anywhere. Only origins that the security team has
#   reviewed may be opened; they stand in policy data, which a server and its manifest cannot change.
# related_resources:
# - description: Safe URL handling
#   ref: https://modelcontextprotocol.io/specification/2026-07-28/client/elicitation#safe-url-handling
# custom:
#   id: elicitation/url-not-allowed
#   severity: critical
#   requirement: advice
#   remediation: Find out why the server sends users there. If it should, declare the origin in the manifest (declares.elicitationOrigins) and have it reviewed.
deny contains finding if {
	some at, place
	destinations[at][place]
	finding := made("elicitation/url-not-allowed", at, destinations[at][place], $"{tools(destinations[at][place])} would send users to {place}, which is not on the allow list.{standing(place)} The URL: {sample(destinations[at][place])}")
}

# METADATA
# scope: rule
# title: A declared origin needs review
# description: >-
#   The manifest says that the server means to send users to this origin, and the allow list in policy data does not have
#   it. A manifest declares; the security team allows.
# related_resources:
# - description: Safe URL handling
#   ref: https://modelcontextprotocol.io/specification/2026-07-28/client/elicitation#safe-url-handling
# custom:
#   id: elicitation/needs-review
#   severity: high
#   requirement: advice
#   remediation: Have the security team look at the origin, and add the entry of the message to mcp.allowedElicitationOrigins with their name, reason and expiry; or take the origin out of the manifest.
deny contains finding if {
	some index, origin in declared
	not on_list(origin)
	not local(origin)
	finding := made("elicitation/needs-review", $"/spec/declares/elicitationOrigins/{index}", requests_to(origin), $"{origin} is declared, and not on the allow list.{standing(origin)} {what_to_add(origin)}{seen_there(origin)}")
}

# METADATA
# scope: rule
# title: Users would be sent to an address without TLS
# description: >-
#   Whoever is between a user and the page sees and changes what is on it. Elicitation URLs should use https outside
#   development; other schemes open programs instead of pages.
# related_resources:
# - description: Safe URL handling
#   ref: https://modelcontextprotocol.io/specification/2026-07-28/client/elicitation#safe-url-handling
# custom:
#   id: elicitation/insecure-url
#   severity: high
#   requirement: SHOULD
#   remediation: Serve the page over https. For development on this machine set elicitationLoopback in a data file of its own.
deny contains finding if {
	some at, requests in by_trigger(insecure)
	finding := made("elicitation/insecure-url", at, requests, $"{tools(requests)} would send users to a URL with the scheme {listed({request.url.scheme | some request in requests})} instead of https: {sample(requests)}")
}

# METADATA
# scope: rule
# title: A URL is made to be misread
# description: >-
#   The URL looks like another one, is read differently by different programs, or hides where it leads: what a user sees
#   before consenting is not where the user goes.
# related_resources:
# - description: Safe URL handling
#   ref: https://modelcontextprotocol.io/specification/2026-07-28/client/elicitation#safe-url-handling
# custom:
#   id: elicitation/suspicious-url
#   severity: high
#   requirement: SHOULD
#   remediation: Send users to the plain https origin of the page, by a name in one script, without user info, numeric addresses or invisible characters.
deny contains finding if {
	some at, requests in by_trigger(suspicious)
	reasons := union({oddities(request.url) | some request in requests})
	finding := made("elicitation/suspicious-url", at, requests, $"In a URL of {tools(requests)} {concat("; ", sort(reasons))}. The URL: {sample(requests)}")
}

# METADATA
# scope: rule
# title: A URL carries a credential
# description: >-
#   A URL ends up in histories, logs and screenshots, and the client sees all of it. It must not hold credentials, nor be
#   authenticated beforehand, because whoever has it is then the user.
# related_resources:
# - description: Safe URL handling
#   ref: https://modelcontextprotocol.io/specification/2026-07-28/client/elicitation#safe-url-handling
# custom:
#   id: elicitation/credential-in-url
#   severity: critical
#   requirement: MUST NOT
#   remediation: Put a random reference that is worth nothing by itself into the URL, and let the page identify its user by login.
deny contains finding if {
	some at, requests in by_trigger([request | some request in with_url; count(request.url.credentials) > 0])
	parts := {described(part, credential_texts) | some request in requests; some part in request.url.credentials}
	finding := made("elicitation/credential-in-url", at, requests, $"A URL of {tools(requests)} carries what looks like a credential: {listed(parts)}.")
}

# METADATA
# scope: rule
# title: A URL carries personal data
# description: A URL ends up in histories, logs and referrers. It must not tell who the user is.
# related_resources:
# - description: Safe URL handling
#   ref: https://modelcontextprotocol.io/specification/2026-07-28/client/elicitation#safe-url-handling
# custom:
#   id: elicitation/personal-data-in-url
#   severity: high
#   requirement: MUST NOT
#   remediation: Keep what belongs to the user with the state on the server, and put only a random reference to it into the URL.
deny contains finding if {
	some at, requests in by_trigger([request | some request in with_url; count(personal(request.url)) > 0])
	parts := {described(part, personal_texts) | some request in requests; some part in request.url.personalData}
	finding := made("elicitation/personal-data-in-url", at, requests, $"A URL of {tools(requests)} carries personal data: {listed(parts)}.")
}

# The name of a thing is nobody's.
warn contains finding if {
	some at, requests in by_trigger([request |
		some request in with_url
		count(personal(request.url)) == 0
		count(request.url.personalData) > 0
	])
	parts := {described(part, personal_texts) | some request in requests; some part in request.url.personalData}
	finding := made("elicitation/personal-data-in-url", at, requests, $"A URL of {tools(requests)} may carry personal data: {listed(parts)}.")
}

# METADATA
# scope: rule
# title: A URL leads on to another site
# description: >-
#   A parameter of the URL is itself a URL of another site. A page that sends its visitors there takes them past the allow
#   list. Redirect URIs of OAuth are not meant: the authorization server has them registered.
# related_resources:
# - description: Safe URL handling
#   ref: https://modelcontextprotocol.io/specification/2026-07-28/client/elicitation#safe-url-handling
# custom:
#   id: elicitation/redirect-in-url
#   severity: high
#   requirement: advice
#   remediation: Keep where to go next with the state on the server, or name it by a word; if the other site is meant, have its origin reviewed too.
deny contains finding if {
	some at, requests in by_trigger([request | some request in with_url; count(onward(request.url)) > 0])
	targets := union({onward(request.url) | some request in requests})
	finding := made("elicitation/redirect-in-url", at, requests, $"A URL of {tools(requests)} leads on to another site: {listed(targets)}.")
}

# METADATA
# scope: rule
# title: A server says another origin than it uses
# description: >-
#   The request names an expected origin, and its URL has another one. A client that believes the name shows users the
#   wrong one. The gate compares it and trusts it for nothing.
# related_resources:
# - description: URL mode elicitation requests
#   ref: https://modelcontextprotocol.io/specification/2026-07-28/client/elicitation#url-mode-elicitation-requests
# custom:
#   id: elicitation/expected-origin-mismatch
#   severity: high
#   requirement: advice
#   remediation: Leave uriValidation out; it is in no revision of the specification, and clients decide by the URL.
deny contains finding if {
	some at, requests in by_trigger([request | some request in with_url; request.expectedOrigin.agrees == false])
	names := {short(request.expectedOrigin.value) | some request in requests}
	finding := made("elicitation/expected-origin-mismatch", at, requests, $"{tools(requests)} names the expected origin {listed(names)}, and would send users to {listed({place_of(request.url) | some request in requests})}.")
}

# METADATA
# scope: rule
# title: An elicitation has a shape of its own
# description: >-
#   The request is not as its revision describes it. Clients then guess, each in its own way, what is shown to the user.
# related_resources:
# - description: Elicitation requests
#   ref: https://modelcontextprotocol.io/specification/2026-07-28/client/elicitation#elicitation-requests
# custom:
#   id: elicitation/nonstandard-shape
#   severity: medium
#   requirement: MUST
#   remediation: Send mode, message, and url or requestedSchema, with elicitationId for URLs in 2025-11-25 only; the helpers of the official SDKs do it right.
warn contains finding if {
	some at, requests in by_trigger([request | some request in input.elicitation.requests; count(misshapen(request)) > 0])
	faults := union({misshapen(request) | some request in requests})
	finding := made("elicitation/nonstandard-shape", at, requests, $"Elicitations of {tools(requests)} are not as their revision has them: {listed(faults)}.")
}

# METADATA
# scope: rule
# title: A client is asked what it cannot ask
# description: >-
#   Servers must not elicit in a mode that the client has not declared; an empty elicitation capability declares forms
#   only. Such a client may drop the request, hang, or show it without the care it needs.
# related_resources:
# - description: Capabilities
#   ref: https://modelcontextprotocol.io/specification/2026-07-28/client/elicitation#capabilities
# custom:
#   id: elicitation/mode-not-declared
#   severity: high
#   requirement: MUST NOT
#   remediation: Look at the client's elicitation capability before asking, for the very mode; answer -32021 (2026-07-28) or an error of the tool when it is missing.
deny contains finding if {
	some at, requests in by_trigger([request | some request in input.elicitation.requests; not request.modeDeclared])
	cases := {$"{mode_texts[request.mode]} of a client that declared {declared_texts[request.declared]}" | some request in requests}
	finding := made("elicitation/mode-not-declared", at, requests, $"{tools(requests)} asked {concat("; ", sort(cases))}.")
}

# METADATA
# scope: rule
# title: A form asks for a secret
# description: >-
#   What is typed into a form passes through the client, and often through a model and its logs. Passwords, keys, tokens
#   and payment data must not be asked for in a form.
# related_resources:
# - description: Form mode security
#   ref: https://modelcontextprotocol.io/specification/2026-07-28/client/elicitation#form-mode-security
# custom:
#   id: elicitation/secret-in-form
#   severity: critical
#   requirement: MUST NOT
#   remediation: Have it typed into a page of your own, by URL mode, and keep it on the server, bound to the user.
deny contains finding if {
	some at, requests in by_trigger([request | some request in with_form; count(secrets(request.form)) > 0])
	asked := union({secrets(request.form) | some request in requests})
	finding := made("elicitation/secret-in-form", at, requests, $"A form of {tools(requests)} asks for what must not pass through the client: {listed(asked)}.")
}

# A number that only names somebody opens nothing by itself.
warn contains finding if {
	some at, requests in by_trigger([request |
		some request in with_form
		count(secrets(request.form)) == 0
		count(identifiers(request.form)) > 0
	])
	asked := union({identifiers(request.form) | some request in requests})
	finding := made("elicitation/secret-in-form", at, requests, $"A form of {tools(requests)} asks for a number that identifies a person: {listed(asked)}.")
}

# METADATA
# scope: rule
# title: A form holds links
# description: >-
#   A link in a form is opened without any of the care that URL mode asks of a client: no consent, no display of the
#   domain, and no allow list.
# related_resources:
# - description: Safe URL handling
#   ref: https://modelcontextprotocol.io/specification/2026-07-28/client/elicitation#safe-url-handling
# custom:
#   id: elicitation/link-in-form
#   severity: medium
#   requirement: SHOULD NOT
#   remediation: Take URLs out of the texts of forms; where users have to go somewhere, use URL mode.
warn contains finding if {
	some at, requests in by_trigger([request | some request in with_form; count(request.form.links) > 0])
	links := {$"{where(link)}: {short(link.text)}" | some request in requests; some link in request.form.links}
	finding := made("elicitation/link-in-form", at, requests, $"A form of {tools(requests)} holds links ({listed(links)}).")
}

# METADATA
# scope: rule
# title: A form is no form that clients can show
# description: >-
#   Forms are flat objects with members of primitive types. What lies deeper, or is of another type, a client cannot show
#   to its user, who then agrees to something unseen.
# related_resources:
# - description: Requested schema
#   ref: https://modelcontextprotocol.io/specification/2026-07-28/client/elicitation#requested-schema
# custom:
#   id: elicitation/illegal-form-schema
#   severity: medium
#   requirement: MUST
#   remediation: Flatten the schema to strings, numbers, booleans and enums, without references; ask several times where one form is not enough.
deny contains finding if {
	some at, requests in by_trigger([request | some request in with_form; count(unshowable(request.form)) > 0])
	faults := union({unshowable(request.form) | some request in requests})
	finding := made("elicitation/illegal-form-schema", at, requests, $"The schema of a form of {tools(requests)} leaves what forms may be: {listed(faults)}.")
}

warn contains finding if {
	some at, requests in by_trigger([request |
		some request in with_form
		count(unshowable(request.form)) == 0
		count(request.form.schemaProblems) > 0
	])
	faults := {problem_text(problem) | some request in requests; some problem in request.form.schemaProblems}
	finding := made("elicitation/illegal-form-schema", at, requests, $"The schema of a form of {tools(requests)} has what clients will ignore: {listed(faults)}.")
}

# METADATA
# scope: rule
# title: Text is hidden from the user
# description: >-
#   A message or a text of a form has invisible or direction-changing characters, or escape sequences: what the user reads
#   is not what is there.
# related_resources:
# - description: User interaction model
#   ref: https://modelcontextprotocol.io/specification/2026-07-28/client/elicitation#user-interaction-model
# custom:
#   id: elicitation/hidden-text
#   severity: high
#   requirement: advice
#   remediation: Send texts without control, format and tag characters.
deny contains finding if {
	some at, requests in by_trigger([request | some request in input.elicitation.requests; count(hiding(request)) > 0])
	places := union({hiding(request) | some request in requests})
	finding := made("elicitation/hidden-text", at, requests, $"An elicitation of {tools(requests)} hides characters in {listed(places)}.")
}

# METADATA
# scope: rule
# title: A refusal changes nothing
# description: >-
#   Servers must handle that a user declines or cancels. This one went on as if the answer had been yes.
# related_resources:
# - description: Error handling
#   ref: https://modelcontextprotocol.io/specification/2026-07-28/client/elicitation#error-handling
# custom:
#   id: elicitation/ignores-refusal
#   severity: critical
#   requirement: MUST
#   remediation: Go on for action accept alone. Where the outcome is the same because nothing depends on the answer, let the result of the tool say which answer it got.
deny contains finding if {
	some at, answers in by_trigger([answer | some answer in ignored_refusals; answer.distinguishable])
	finding := made("elicitation/ignores-refusal", at, answers, went_on(answers))
}

# A tool that says the same to every answer may have done nothing; nobody can tell, but nobody has seen harm either.
warn contains finding if {
	some at, answers in by_trigger([answer | some answer in ignored_refusals; not answer.distinguishable])
	finding := made("elicitation/ignores-refusal", at, answers, $"{went_on(answers)} It ends like this whatever the answer is, so nobody can tell.")
}

# METADATA
# scope: rule
# title: An answer is taken unseen
# description: >-
#   Servers should validate what comes back against the schema they sent. This one went on with content that breaks it,
#   so whatever a client, or a model in its place, puts there reaches the code behind.
# related_resources:
# - description: Form mode security
#   ref: https://modelcontextprotocol.io/specification/2026-07-28/client/elicitation#form-mode-security
# custom:
#   id: elicitation/unvalidated-answer
#   severity: medium
#   requirement: SHOULD
#   remediation: Validate the content of every accepted answer against the requested schema before using it.
warn contains finding if {
	some at, answers in by_trigger([answer |
		some answer in input.elicitation.answers
		answer.answer == "accept-invalid"
		answer.reaction == "went-on"
	])
	finding := made("elicitation/unvalidated-answer", at, answers, $"{tools(answers)} went on with an answer that breaks the schema it had asked for.")
}

# METADATA
# scope: rule
# title: A server does not stop asking
# description: >-
#   After every answer the server asked again, until the gate gave up. Users who are asked often enough agree.
# related_resources:
# - description: Error handling
#   ref: https://modelcontextprotocol.io/specification/2026-07-28/client/elicitation#error-handling
# custom:
#   id: elicitation/asks-without-end
#   severity: high
#   requirement: MUST
#   remediation: End the call when the user declines or cancels, and after a small number of answers that do not fit.
deny contains finding if {
	some at, answers in by_trigger([answer | some answer in input.elicitation.answers; answer.endless])
	kinds := {answer_texts[answer.answer] | some answer in answers}
	rounds := max([answer.rounds | some answer in answers])
	finding := made("elicitation/asks-without-end", at, answers, $"{tools(answers)} still asked after {rounds} rounds, each answered with {concat(" or ", sort(kinds))}.")
}

# Of what was not kept no other rule knows anything.
deny contains finding if {
	input.elicitation.omitted > 0
	finding := {
		"rule": "elicitation/asks-without-end",
		"at": "/spec/exercise",
		"evidence": set(),
		"message": $"More elicitations came than the gate looks at: {input.elicitation.omitted} were dropped, and nothing is known of them.",
	}
}

# METADATA
# scope: rule
# title: An elicitation is not bound to its user
# description: >-
#   Servers must bind elicitations to the client and the user. Where two users get the same state, or one that can be
#   guessed, one of them can finish in a browser what the other has begun, and connect his account to the other's.
# related_resources:
# - description: Phishing
#   ref: https://modelcontextprotocol.io/specification/2026-07-28/client/elicitation#phishing
# - description: Security considerations
#   ref: https://modelcontextprotocol.io/specification/2026-07-28/client/elicitation#security-considerations
# custom:
#   id: elicitation/not-bound-to-user
#   severity: high
#   requirement: MUST
#   remediation: Make a random state of 128 bits for every elicitation, keep it with issuer and subject of the caller's token, and let the page check that whoever opens it is logged in as that user.
deny contains finding if {
	some at, shared in by_trigger(between_users)
	names := {name | some comparison in shared; some name in comparison.sharedState}
	finding := made("elicitation/not-bound-to-user", at, shared, $"{tools(shared)} gave {listed({who | some comparison in shared; some who in comparison.principals})} the same state in the URL: {listed({short(name) | some name in names})}.")
}

warn contains finding if {
	some at, weak in by_trigger([comparison |
		some comparison in input.elicitation.comparisons
		comparison.stateParameters > 0
		comparison.stateBits < least_bits
	])
	bits := min([comparison.stateBits | some comparison in weak])
	finding := made("elicitation/not-bound-to-user", at, weak, $"The state in the URLs of {tools(weak)} can be guessed: only {bits} bits look random.")
}

# A page that asks for a login needs no state; that it does, nobody can see without opening it.
notice contains finding if {
	some at, same in by_trigger([comparison |
		some comparison in input.elicitation.comparisons
		comparison.between == "principals"
		comparison.sameUrl
		comparison.stateParameters == 0
	])
	finding := made("elicitation/not-bound-to-user", at, same, $"{tools(same)} gave {listed({who | some comparison in same; some who in comparison.principals})} the same URL without any state: the page behind it has to find out by login whose request it is.")
}

notice contains finding if {
	shared_by_users := {comparison.at | some comparison in between_users}
	some at, again in by_trigger([comparison |
		some comparison in input.elicitation.comparisons
		comparison.between == "calls"
		count(comparison.sharedState) > 0
	])
	not at in shared_by_users
	finding := made("elicitation/not-bound-to-user", at, again, $"{tools(again)} used the same state in the URLs of two calls: {listed({short(name) | some comparison in again; some name in comparison.sharedState})}.")
}

# METADATA
# scope: rule
# title: Nobody saw the server ask
# description: >-
#   The server can ask its users something, and was never made to. What it would ask, and where it would send them, is
#   unknown; what was not tested is no reason to let it through.
# related_resources:
# - description: Elicitation requests
#   ref: https://modelcontextprotocol.io/specification/2026-07-28/client/elicitation#elicitation-requests
# custom:
#   id: elicitation/not-exercised
#   severity: medium
#   requirement: advice
#   undecides: true
#   remediation: Name in exercise, with arguments, a call that makes the server ask, for each origin it declares; or take the claim out of the manifest.
deny contains finding if {
	some at in expecting
	not at in asked_at
	finding := made("elicitation/not-exercised", at, [call | some call in input.elicitation.calls; call.at == at], "The manifest expects an elicitation of this call, and none came, whatever the client declared.")
}

deny contains finding if {
	"manifest-expects" in input.elicitation.couldElicit
	count(expecting) == 0
	finding := made("elicitation/not-exercised", "/spec/exercise", [], "The manifest expects elicitations, and none of these calls was made.")
}

deny contains finding if {
	"manifest-declares-origins" in input.elicitation.couldElicit
	count(with_url) == 0
	finding := made("elicitation/not-exercised", "/spec/declares/elicitationOrigins", [], "The manifest declares origins that users are sent to, and no call made the server send anybody anywhere.")
}

# A tool that speaks of asking may mean something else.
warn contains finding if {
	input.elicitation.couldElicit == ["tool-text"]
	count(input.elicitation.requests) == 0
	finding := made("elicitation/not-exercised", "/spec/exercise", [], $"Tools speak of asking the user, and no call made the server ask: {listed({short(tool) | some tool in input.elicitation.askingTools})}.")
}

with_url := [request | some request in input.elicitation.requests; not is_null(request.url)]

with_form := [request | some request in input.elicitation.requests; not is_null(request.form)]

# Things that happened, by the trigger in the manifest.
by_trigger(things) := {at: [thing | some thing in things; thing.at == at] | at := things[_].at}

made(rule, at, things, message) := {
	"rule": rule,
	"at": at,
	"evidence": (exchanges(things) | elicitations(things)),
	"message": message,
}

exchanges(things) := {id | some thing in things; some id in thing.evidence}

# The elicitations themselves are named too, so that the audit log can say of each what became of it.
elicitations(things) := {id |
	some thing in things
	id := object.get(thing, "id", "")
	id != ""
}

tools(things) := listed({asker(thing.tool) | some thing in things})

asker(tool) := short(tool) if {
	tool != ""
} else := "the server, before any call,"

listed(texts) := concat(", ", sort(texts))

# Hostile text; where it is shown it is escaped, so that it only has to be short here.
short(text) := text if {
	count(text) <= 80
} else := $"{substring(text, 0, 80)}…"

sample(requests) := longer(sort({request.url.text | some request in requests})[0])

longer(text) := text if {
	count(text) <= 160
} else := $"{substring(text, 0, 160)}…"

# Where a URL leads, as far as it can be said in a word.
place_of(url) := url.origin if {
	url.origin != null
} else := $"{url.scheme}:" if {
	url.scheme != null
} else := "no valid URL"

# Requests that nothing allows, by trigger and place.
destinations[at][place] contains request if {
	some request in with_url
	not allowed(request.url)
	not request.url.origin in {origin | some origin in declared}
	at := request.at
	place := place_of(request.url)
}

allowed(url) if on_list(url.origin)

allowed(url) if at_home(url)

# This machine itself, where policy lets servers send their users there.
at_home(url) if {
	data.mcp.config.elicitationLoopback == true
	url.range == "loopback"
	url.scheme in {"http", "https"}
}

# The same of an origin that was only declared.
local(origin) if {
	data.mcp.config.elicitationLoopback == true
	regex.match(`^https?://(localhost|127\.0\.0\.1|\[::1\])(:\d+)?$`, origin)
}

on_list(origin) if {
	some entry in data.mcp.allowedElicitationOrigins
	covers(entry.origin, origin)
	for_this_server(entry)
	lasts(entry)
}

covers(pattern, origin) if pattern == origin

# One label, and only a whole one.
covers(pattern, origin) if {
	data.mcp.config.elicitationWildcards == true
	startswith(pattern, "https://*.")
	startswith(origin, "https://")
	[label, rest] := halves(substring(origin, 8, -1))
	label != ""
	rest == substring(pattern, 10, -1)
}

halves(host) := [substring(host, 0, dot), substring(host, dot + 1, -1)] if {
	dot := indexof(host, ".")
	dot >= 0
}

for_this_server(entry) if not entry.servers

for_this_server(entry) if input.candidate.name in entry.servers

# A day counts to its end, a second does not count itself; both UTC, as is the clock, so that text compares as time does.
lasts(entry) if {
	endswith(input.gate.startedAt, "Z")
	count(entry.expires) == 10
	substring(input.gate.startedAt, 0, 10) <= entry.expires
}

lasts(entry) if {
	endswith(input.gate.startedAt, "Z")
	count(entry.expires) == 20
	substring(input.gate.startedAt, 0, 19) < substring(entry.expires, 0, 19)
}

# Why an entry that is there does not help.
standing(origin) := concat("", sort(entry_faults(origin)))

entry_faults(origin) := {fault |
	some entry in data.mcp.allowedElicitationOrigins
	covers(entry.origin, origin)
	fault := entry_fault(entry)
}

entry_fault(entry) := $" The entry {entry.origin} is for other servers: {listed(entry.servers)}." if {
	not for_this_server(entry)
} else := $" The entry {entry.origin} expired ({entry.expires})." if {
	not lasts(entry)
}

# As browsers write it, apart from names in other scripts.
declared := [normal(origin) | some origin in input.manifest.spec.declares.elicitationOrigins]

normal(origin) := trim_suffix(lower(origin), ":443") if {
	startswith(lower(origin), "https:")
} else := trim_suffix(lower(origin), ":80")

requests_to(origin) := [request | some request in with_url; request.url.origin == origin]

seen_there(origin) := $" {tools(requests_to(origin))} sent users there." if {
	count(requests_to(origin)) > 0
} else := " It was not seen in use."

what_to_add(origin) := concat("", [
	"After review add: `- { origin: ",
	json.marshal(origin),
	", servers: [",
	json.marshal(input.candidate.name),
	`], reviewedBy: "who", reason: "what for", expires: "YYYY-MM-DD" }`,
	"`.",
]) if {
	startswith(origin, "https://")
} else := "Only https can be allowed; http on this machine is for elicitationLoopback to allow."

insecure := [request |
	some request in with_url
	request.url.valid
	request.url.scheme != "https"
	not at_home(request.url)
]

suspicious := [request | some request in with_url; count(oddities(request.url)) > 0]

oddities(url) := spellings(url) | appearances(url)

# Ways to write a URL that no reviewer of its origin has agreed to.
spellings(url) := {text |
	some text, present in {
		$"programs disagree about the host ({listed({short(way) | some way in url.parsersDisagree})})": count(url.parsersDisagree) > 0,
		"a user name stands before the host": url.userInfo,
		"the address is written so that it is not seen as one": url.address in {"ipv4-decimal", "ipv4-octal", "ipv4-hex", "ipv4-short", "ipv6-mapped"},
		"there are invisible characters": url.hidden,
		"there is more than can be looked at": url.complete == false,
	}
	present
}

# What somebody who reviewed the very origin has seen.
appearances(url) := set() if {
	allowed(url)
} else := set() if {
	not url.scheme in {"http", "https"}
} else := {text |
	some text, present in {
		"the host is an address": url.address in {"ipv4", "ipv6"},
		$"the host is not on the public network ({url.range})": elsewhere(url),
		"the host is in punycode": url.punycode,
		"the host mixes scripts": url.mixedScripts,
		"the host has letters that look like others": url.confusable,
	}
	present
} | {$"the host can be taken for {neighbour.origin} ({neighbour.relation})" |
	some neighbour in url.near
	neighbour.relation in {"other-suffix", "embedded", "confusable", "misspelt"}
}

default elsewhere(_) := false

elsewhere(url) if url.range in {"private", "link-local", "metadata", "reflected"}

# A name that is reserved leads nowhere; an address may.
elsewhere(url) if {
	url.range == "reserved"
	url.address != null
}

personal(url) := [part | some part in url.personalData; part.kind != "name-key"]

onward(url) := {$"{named(nested)}: {place_of(object.union({"scheme": null}, nested))}" |
	some nested in url.nestedUrls
	not nested.sameSite
	not nested.oauthRedirect
	not nested.identifier
	not on_list(nested.origin)
}

described(part, texts) := $"{object.get(texts, part.kind, part.kind)} ({named(part)})"

named(part) := $"{part.where}, {short(part.name)}" if {
	part.name != null
} else := part.where

credential_texts := {
	"jwt": "a JWT",
	"token-like": "a token",
	"secret-key-name": "a value under the name of a secret",
	"password": "a password",
	"known-format": "a key of a known service",
}

personal_texts := {
	"email": "an e-mail address",
	"phone": "a telephone number",
	"national-id": "a number of an identity document",
	"card": "a card number",
	"iban": "an account number",
	"name-key": "what is called a name",
}

# An advisory block is one more deviation, and the shape says the same as `uri`.
misshapen(request) := {deviation | some deviation in request.deviations} | {"a shape of no revision" | request.shape in {"advisory", "unknown"}}

mode_texts := {"form": "for a form", "url": "for a URL", "other": "in an unknown mode"}

declared_texts := {
	"none": "no elicitation",
	"empty": "elicitation without a mode, which means forms",
	"form": "forms only",
	"url": "URLs only",
	"both": "both modes",
}

secrets(form) := {secret_text(secret) | some secret in form.secrets; not secret.kind in harmless} | {default_text(given) |
	some given in form.sensitiveDefaults
	not given.kind in harmless
}

identifiers(form) := {secret_text(secret) | some secret in form.secrets; secret.kind in identifying} | {default_text(given) |
	some given in form.sensitiveDefaults
	given.kind in identifying
}

# What names somebody opens nothing by itself; general contact data is not prohibited in forms.
harmless := identifying | {"email"}

identifying := {"national-id", "bank-account"}

default_text(given) := $"a default that is sensitive ({short(given.kind)}, {short(given.field)})"

secret_text(secret) := $"{secret.kind} ({secret.where}{of_field(secret)}, {secret.language}: {short(secret.wording)})"

of_field(part) := $" of {short(part.field)}" if {
	part.field != null
} else := ""

where(part) := $"{part.where}{of_field(part)}"

unshowable(form) := {problem_text(problem) |
	some problem in form.schemaProblems
	problem.kind in {"not-an-object", "nested", "unsupported-type", "reference", "too-large"}
} | {$"{form.omittedFields} more fields than are looked at" | form.omittedFields > 0}

problem_text(problem) := $"{problem.kind}{of_field(problem)} ({short(problem.detail)})"

hiding(request) := {"message" | request.message.hiddenCharacters} | {where(text) |
	not is_null(request.form)
	some text in request.form.hidden
}

refusal_texts := {"decline": "declined", "cancel": "cancelled"}

answer_texts := {
	"accept": "yes",
	"accept-invalid": "content that breaks the schema",
	"decline": "no",
	"cancel": "a closed dialog",
}

ignored_refusals := [answer |
	some answer in input.elicitation.answers
	answer.answer in {"decline", "cancel"}
	answer.reaction == "went-on"
]

went_on(answers) := $"{tools(answers)} went on after the user had {concat(" and ", sort({refusal_texts[answer.answer] | some answer in answers}))}."

between_users := [comparison |
	some comparison in input.elicitation.comparisons
	comparison.between == "principals"
	count(comparison.sharedState) > 0
]

# A birthday's distance below what can be searched for.
least_bits := 64

expecting := {call.at | some call in input.elicitation.calls; call.expected}

asked_at := {call.at | some call in input.elicitation.calls; call.elicited > 0}
