# METADATA
# title: Sessions
# description: Whether what belongs to one user's session, handle or request state is worth anything in other hands.
package mcp.session

import data.mcp.identifiers
import data.mcp.place

# METADATA
# scope: rule
# title: A session id stands in for a token
# description: >-
#   Every request must be authorized by itself. A server that serves a request because it names a live session, or opens
#   sessions for anybody, has made the session id a credential, which it is not protected like.
# related_resources:
# - description: Session hijacking
#   ref: https://modelcontextprotocol.io/specification/2025-11-25/basic/security_best_practices#session-hijacking
# - description: Access token usage
#   ref: https://modelcontextprotocol.io/specification/2025-11-25/basic/authorization#access-token-usage
# custom:
#   id: session/unauthenticated
#   severity: critical
#   requirement: MUST
#   remediation: Verify the access token of every request, on every route and method, before the session is looked up.
deny contains finding if {
	count(unauthorized) + count(opened_for_anybody) > 0
	finding := {
		"rule": "session/unauthenticated",
		"at": place.transport,
		"evidence": (evidence_of(unauthorized) | evidence_of(opened_for_anybody)),
		"message": concat(" ", array.concat(opened_message, unauthorized_message)),
	}
}

# METADATA
# scope: rule
# title: Another user is served on a session
# description: >-
#   A session must belong to the user who opened it. Whoever learns its id, from a log, a proxy or a shared machine,
#   otherwise reads that user's events and acts in that user's place with a token of his own.
# related_resources:
# - description: Session hijacking
#   ref: https://modelcontextprotocol.io/specification/2025-11-25/basic/security_best_practices#session-hijacking
# - description: Session management
#   ref: https://modelcontextprotocol.io/specification/2025-11-25/basic/transports#session-management
# custom:
#   id: session/other-principal-accepted
#   severity: critical
#   requirement: SHOULD
#   remediation: Keep issuer and subject of the token with the session when it is opened, and answer 404 when those of a later request differ; on POST, GET and DELETE.
deny contains finding if {
	count(by_others) > 0
	some attempt in by_others
	not renewed(attempt)
	finding := on_session("session/other-principal-accepted", by_others, $"{owners_session} another user was served: {tried(by_others)}.{in_whose_name}{caveats}")
}

warn contains finding if {
	count(by_others) == 0
	lost := [attempt |
		some attempt in input.session.attempts
		attempt.standing in {"other-principal", "nobody", "defective"}
		attempt.sessionLost
		attempt.outcome != "accepted"
	]
	count(lost) > 0
	finding := on_session("session/other-principal-accepted", lost, $"Refused attempts ended the session for its owner: {tried(lost)}.")
}

# METADATA
# scope: rule
# title: Another credential of the same user is served on a session
# description: >-
#   Policy asks that a session belong to the credential it was opened with (sessionBinding: credential), and the same
#   user was served with another one.
# related_resources:
# - description: Session hijacking
#   ref: https://modelcontextprotocol.io/specification/2025-11-25/basic/security_best_practices#session-hijacking
# custom:
#   id: session/other-client-accepted
#   severity: medium
#   requirement: advice
#   remediation: Keep the client, or the token itself, with the session too; or set sessionBinding to principal, which lets sessions outlive a refresh.
deny contains finding if {
	binding == "credential"
	served := [attempt |
		some attempt in accepted
		attempt.standing in {"same-user", "same-user-other-client"}
	]
	count(served) > 0
	finding := on_session("session/other-client-accepted", served, $"{owners_session} the same user was served with another credential: {tried(served)}.")
}

# METADATA
# scope: rule
# title: Another user is served on a session after a refresh
# description: >-
#   The other user's first token was refused, and the one from a refresh was served: a refresh is taken for the owner's,
#   whoever made it.
# related_resources:
# - description: Session hijacking
#   ref: https://modelcontextprotocol.io/specification/2025-11-25/basic/security_best_practices#session-hijacking
# custom:
#   id: session/refreshed-other-principal-accepted
#   severity: critical
#   requirement: SHOULD
#   remediation: Compare issuer and subject of every token with those the session was opened with, also when the token is new.
deny contains finding if {
	count(by_others) > 0
	count([attempt | some attempt in by_others; not renewed(attempt)]) == 0
	finding := on_session("session/refreshed-other-principal-accepted", by_others, $"{owners_session} another user was served with a refreshed token: {tried(by_others)}.{in_whose_name}{caveats}")
}

# METADATA
# scope: rule
# title: A session goes over to whoever used it last
# description: After another user's attempt the server takes the owner of the session for that user.
# related_resources:
# - description: Session hijacking
#   ref: https://modelcontextprotocol.io/specification/2025-11-25/basic/security_best_practices#session-hijacking
# custom:
#   id: session/rebinds-to-other-principal
#   severity: critical
#   requirement: SHOULD
#   remediation: Set the user of a session once, when it is opened; take the user of a request from its own token.
deny contains finding if {
	input.session.rebinding.rebound == true
	finding := {
		"rule": "session/rebinds-to-other-principal",
		"at": place.transport,
		"evidence": {id | some id in input.session.rebinding.evidence},
		"message": $"After an attempt by {input.session.rebinding.by} on the owner's session, the owner was taken for {input.session.rebinding.by}.",
	}
}

# METADATA
# scope: rule
# title: Answers reach the wrong client
# description: >-
#   Clients choose their JSON-RPC ids themselves, so two will use the same one. A server that finds the way back by the id
#   alone gives one user's answer to another.
# related_resources:
# - description: Requests
#   ref: https://modelcontextprotocol.io/specification/2025-11-25/basic/index#requests
# custom:
#   id: session/cross-client-leak
#   severity: critical
#   requirement: MUST
#   remediation: Give each session, and each stateless request, a server and transport object of its own; do not share a transport among clients.
deny contains finding if {
	leaks := [collision | some collision in input.session.collisions; collision.misdelivered > 0]
	count(leaks) > 0
	finding := on_session("session/cross-client-leak", leaks, $"{leaks[0].clients} clients used the same JSON-RPC id at the same time, and answers reached the wrong one: {sum([leak.misdelivered | some leak in leaks])}.")
}

# METADATA
# scope: rule
# title: The events of a stream reach another user
# description: A second GET on a session cut the owner off, or events of one session could be resumed from another.
# related_resources:
# - description: Resumability and redelivery
#   ref: https://modelcontextprotocol.io/specification/2025-11-25/basic/transports#resumability-and-redelivery
# - description: Session hijacking
#   ref: https://modelcontextprotocol.io/specification/2025-11-25/basic/security_best_practices#session-hijacking
# custom:
#   id: session/stream-hijack
#   severity: high
#   requirement: MUST
#   remediation: Check whose session it is on GET too, answer 409 to a second stream, and replay events only to the session they were stored for.
deny contains finding if {
	hijacks := [stream | some stream in input.session.streams; hijack(stream)]
	count(hijacks) > 0
	finding := on_session("session/stream-hijack", hijacks, concat(" ", sort({hijack(stream) | some stream in hijacks})))
}

# METADATA
# scope: rule
# title: Another user answers in the owner's place
# description: >-
#   A server that asks its client something must take the answer from that client alone. Another user could otherwise
#   confirm, or fill in, what the owner was asked.
# related_resources:
# - description: Elicitation
#   ref: https://modelcontextprotocol.io/specification/2025-11-25/client/elicitation#form-mode-security
# - description: Session hijacking
#   ref: https://modelcontextprotocol.io/specification/2025-11-25/basic/security_best_practices#session-hijacking
# custom:
#   id: session/response-spoofing
#   severity: high
#   requirement: SHOULD
#   remediation: Check whose session it is for JSON-RPC responses as for requests, and keep the requests that wait for an answer with their session.
deny contains finding if {
	spoofs := [attempt |
		some attempt in input.session.attempts
		attempt.operation == "response"
		attempt.outcome == "accepted"
		attempt.standing in {"other-principal", "nobody"}
		not attempt.principal in let_in
	]
	count(spoofs) > 0
	finding := on_session("session/response-spoofing", spoofs, $"A call of the owner went on with an answer of {concat(", ", sort({attempt.principal | some attempt in spoofs}))}.")
}

# METADATA
# scope: rule
# title: Events of one user reach another
# description: What another user caused arrived on the owner's stream, where a model reads it as if it were the owner's.
# related_resources:
# - description: Session hijacking by prompt injection
#   ref: https://modelcontextprotocol.io/specification/2025-11-25/basic/security_best_practices#session-hijack-prompt-injection
# - description: Subscriptions
#   ref: https://modelcontextprotocol.io/specification/2026-07-28/basic/patterns/subscriptions
# custom:
#   id: session/event-injection
#   severity: high
#   requirement: SHOULD
#   remediation: Queue events by user and session, and send each to the streams of that session alone.
deny contains finding if {
	count(injected) > 0
	finding := on_session("session/event-injection", injected, $"Events that one client caused reached the stream of another: {concat(", ", sort({how(event) | some event in injected}))}.")
}

# METADATA
# scope: rule
# title: A client can choose its session id
# description: >-
#   Who can make somebody use a session id of their choice knows it already. Session ids are the server's to make.
# related_resources:
# - description: Session management
#   ref: https://modelcontextprotocol.io/specification/2025-11-25/basic/transports#session-management
# custom:
#   id: session/fixation
#   severity: high
#   requirement: SHOULD
#   remediation: Make a new id for every initialize, and ignore or refuse one that the client brings along.
deny contains finding if {
	input.session.fixation.adopted == true
	finding := on_session("session/fixation", [input.session.fixation], "The answer to initialize took over the session id that the client had sent.")
}

# METADATA
# scope: rule
# title: Session ids are accepted that were never given out
# description: >-
#   A server must answer 404 to a session it does not have. One that serves any id, or does not read all of it, cannot
#   tell sessions from inventions.
# related_resources:
# - description: Session management
#   ref: https://modelcontextprotocol.io/specification/2025-11-25/basic/transports#session-management
# custom:
#   id: session/unknown-id-accepted
#   severity: medium
#   requirement: MUST
#   remediation: Look the whole id up among the sessions that are open and answer 404 when it is not there; a stateless server gives out no ids at all.
deny contains finding if {
	count(unknown_requests) > 0
	finding := on_session("session/unknown-id-accepted", unknown_requests, $"Requests were served {concat(", ", sort({id_cases[attempt.case] | some attempt in unknown_requests}))}.")
}

warn contains finding if {
	count(unknown_requests) == 0
	lenient := [attempt |
		some attempt in input.session.idAttempts
		attempt.outcome == "accepted"
	]
	count(lenient) > 0
	finding := on_session("session/unknown-id-accepted", lenient, $"A {concat(", a ", sort({$"{attempt.operation} {id_cases[attempt.case]}" | some attempt in lenient}))} was taken.")
}

# METADATA
# scope: rule
# title: A session survives its end
# description: The owner ended the session by DELETE, the server agreed, and went on serving its id.
# related_resources:
# - description: Session management
#   ref: https://modelcontextprotocol.io/specification/2025-11-25/basic/transports#session-management
# custom:
#   id: session/survives-termination
#   severity: high
#   requirement: MUST
#   remediation: Forget the session on DELETE and answer 404 to its id from then on; answer 405 if clients may not end sessions.
deny contains finding if {
	input.session.termination.survives == true
	count(unknown_requests) == 0
	finding := on_session("session/survives-termination", [input.session.termination], "A request on the session was served after DELETE had been answered with success.")
}

# METADATA
# scope: rule
# title: Ids can be guessed
# description: >-
#   Session ids, and handles that stand for state, must be random and long enough that nobody finds one by trying or by
#   counting on from his own.
# related_resources:
# - description: Session hijacking
#   ref: https://modelcontextprotocol.io/specification/2025-11-25/basic/security_best_practices#session-hijacking
# - description: Session management
#   ref: https://modelcontextprotocol.io/specification/2025-11-25/basic/transports#session-management
# custom:
#   id: session/weak-id
#   severity: high
#   requirement: MUST
#   remediation: Make ids with a secure random number generator, 128 bits or more, in visible ASCII; a UUID of version 4 will do.
deny contains finding if {
	some ids in input.session.identifiers
	ids.kind == "session"
	finding := weak_finding(ids)
}

# A handle that only its user can use need not be a secret.
warn contains finding if {
	some ids in input.session.identifiers
	ids.kind == "handle"
	ids.distinct == ids.sampled
	finding := weak_finding(ids)
}

# METADATA
# scope: rule
# title: A token bound to a key is served without the key
# description: >-
#   The server takes tokens that are bound to a key (DPoP), and does not insist on a proof that the sender has that key,
#   so a stolen token is worth as much as a plain one.
# related_resources:
# - description: Token theft
#   ref: https://modelcontextprotocol.io/specification/2025-11-25/basic/authorization#token-theft
# custom:
#   id: session/confirmation-not-enforced
#   severity: high
#   requirement: MUST
#   remediation: Where a token has a cnf claim, refuse it without a fresh proof for this request by this key, under Bearer too, and remember the proofs that were used.
deny contains finding if {
	count(without_key) > 0
	finding := on_session("session/confirmation-not-enforced", without_key, $"A token that is bound to a key was served {proofs(without_key)}.")
}

warn contains finding if {
	count(without_key) == 0
	count(replayed) > 0
	finding := on_session("session/confirmation-not-enforced", replayed, $"A token that is bound to a key was served {proofs(replayed)}.")
}

# METADATA
# scope: rule
# title: A handle serves whoever knows it
# description: >-
#   Possession of a state handle must not be treated as authentication. The server let somebody else use a handle that
#   the manifest says belongs to a user.
# related_resources:
# - description: Statelessness
#   ref: https://modelcontextprotocol.io/specification/2026-07-28/basic/index#statelessness
# custom:
#   id: session/handle-not-bound
#   severity: critical
#   requirement: MUST
#   remediation: Keep the state under the user of the verified token and the handle together, and refuse a handle that another user presents.
deny contains finding if {
	input.session.authenticated
	used := [attempt | some attempt in input.session.handles; attempt.outcome == "accepted"]
	count(used) > 0
	finding := placed("session/handle-not-bound", "/spec/handles", used, $"Handles of the owner served others: {concat(", ", sort({$"{attempt.tool} by {attempt.principal}" | some attempt in used}))}.")
}

# METADATA
# scope: rule
# title: A request state is not bound to its user and request
# description: >-
#   requestState comes back through the client. It should name the user and the request it was made for, inside what
#   protects it, and be refused for any other.
# related_resources:
# - description: Server requirements for multi round-trip requests
#   ref: https://modelcontextprotocol.io/specification/2026-07-28/basic/patterns/mrtr#server-requirements-basic-workflow
# custom:
#   id: session/request-state-not-bound
#   severity: high
#   requirement: SHOULD
#   remediation: Put the user, a digest of the request and a short expiry into the protected state, and check all of them when it comes back.
deny contains finding if {
	moved := [attempt | some attempt in state_cases; attempt.case in {"other-principal", "other-arguments", "other-tool"}]
	count(moved) > 0
	finding := placed("session/request-state-not-bound", "/spec/exercise", moved, $"A requestState was taken {concat(", ", sort({state_texts[attempt.case] | some attempt in moved}))}.")
}

# METADATA
# scope: rule
# title: A request state can be changed
# description: >-
#   requestState is under the control of whoever sends it. Where it decides anything, its integrity must be protected and
#   a changed one refused.
# related_resources:
# - description: Server requirements for multi round-trip requests
#   ref: https://modelcontextprotocol.io/specification/2026-07-28/basic/patterns/mrtr#server-requirements-basic-workflow
# custom:
#   id: session/request-state-tampering
#   severity: high
#   requirement: MUST
#   remediation: Sign or encrypt the state (HMAC or AEAD), compare the whole signature, and refuse a state that is changed, cut or empty.
deny contains finding if {
	changed := [attempt | some attempt in state_cases; attempt.case in {"changed-character", "rewritten-json", "truncated", "emptied"}]
	count(changed) > 0
	finding := placed("session/request-state-tampering", "/spec/exercise", changed, $"A requestState was taken {concat(", ", sort({state_texts[attempt.case] | some attempt in changed}))}.")
}

# METADATA
# scope: rule
# title: A request state outlives its end
# description: >-
#   A requestState should be good for a short time only, so that a copy of it is not worth anything later. This one was
#   taken after the end that it names itself, or that the manifest declares.
# related_resources:
# - description: Server requirements for multi round-trip requests
#   ref: https://modelcontextprotocol.io/specification/2026-07-28/basic/patterns/mrtr#server-requirements-basic-workflow
# custom:
#   id: session/request-state-expiry
#   severity: medium
#   requirement: SHOULD
#   remediation: Put an expiry into the protected state, and compare it with the clock when the state comes back.
warn contains finding if {
	late := [attempt | some attempt in state_cases; attempt.case == "expired"]
	count(late) > 0
	finding := placed("session/request-state-expiry", "/spec/exercise", late, $"A requestState was taken after the end of {concat(", ", sort({attempt.detail | some attempt in late}))}.")
}

# METADATA
# scope: rule
# title: What differs by user is marked for everybody
# description: >-
#   A result with cacheScope public may be given to any user from a cache. This one held something else for each of two
#   users.
# related_resources:
# - description: Cache scope
#   ref: https://modelcontextprotocol.io/specification/2026-07-28/server/utilities/caching#cache-scope-field
# custom:
#   id: session/private-data-cached-public
#   severity: high
#   requirement: MUST
#   remediation: Mark results that depend on the caller as private.
deny contains finding if {
	shared := [answer |
		some answer in input.session.modern.cached
		answer.scope == "public"
		answer.differs
	]
	count(shared) > 0
	finding := on_session("session/private-data-cached-public", shared, $"Two users got different contents with cacheScope public from {concat(", ", sort({answer.method | some answer in shared}))}.")
}

# METADATA
# scope: rule
# title: A refresh loses the session
# description: >-
#   The same user with a refreshed token was refused on the session. Binding to the bytes of a token makes every refresh
#   a new session; binding to issuer and subject is enough.
# related_resources:
# - description: Session hijacking
#   ref: https://modelcontextprotocol.io/specification/2025-11-25/basic/security_best_practices#session-hijacking
# custom:
#   id: session/refresh-refused
#   severity: low
#   requirement: advice
#   remediation: Compare issuer and subject instead of the token, or set sessionBinding to credential if this is on purpose.
notice contains finding if {
	binding == "principal"
	refused := [attempt |
		some attempt in input.session.attempts
		attempt.standing == "same-user"
		attempt.operation in {"request", "call"}
		attempt.outcome == "refused"
	]
	count(refused) > 0
	finding := on_session("session/refresh-refused", refused, $"The owner was refused with a refreshed token: {tried(refused)}.")
}

# principal: a session belongs to a user. credential: to a client, or to a token.
binding := data.mcp.config.sessionBinding

# What counts on a session; answers in the owner's place have a rule of their own.
accepted := [attempt |
	some attempt in input.session.attempts
	attempt.outcome == "accepted"
	attempt.operation != "response"
]

# Those who are served this nowhere else were served because they named the session.
unauthorized := [attempt |
	some attempt in accepted
	attempt.standing in {"nobody", "defective", "same-user-narrower"}
	not attempt.ownRight
]

opened_for_anybody := [opening |
	some opening in [input.session.openedWithoutToken]
	opening.outcome == "accepted"
	opening.sessionIssued
]

opened_message := ["initialize without a token was served."] if {
	count(opened_for_anybody) > 0
} else := []

unauthorized_message := [$"{owners_session} requests were served that are refused elsewhere: {tried(unauthorized)}."] if {
	count(unauthorized) > 0
} else := []

by_others := [attempt | some attempt in accepted; attempt.standing == "other-principal"]

renewed(attempt) if endswith(attempt.principal, "-refreshed")

# Those who can do on the session whatever they want need no trick.
let_in := {attempt.principal | some attempt in accepted; attempt.operation in {"request", "call"}}

owners_session := "On the owner's session"

# "bob (call, request)"
tried(attempts) := concat("; ", sort({$"{attempt.principal} ({operations_of(attempts, attempt.principal)})" |
	some attempt in attempts
}))

operations_of(attempts, principal) := concat(", ", sort({$"{operation_texts[attempt.operation]}{beside(attempt)}" |
	some attempt in attempts
	attempt.principal == principal
}))

operation_texts := {
	"request": "requests",
	"call": "tool calls",
	"notification": "notifications",
	"stream": "GET streams",
	"resume": "resumed streams",
	"delete": "DELETE",
	"response": "responses",
}

# The deprecated transport beside the endpoint has routes of its own.
beside(attempt) := $" at {substring(attempt.face, 0, 80)}" if {
	count({one.face | some one in input.session.attempts}) > 1
} else := ""

in_whose_name := " The server took the other user for the owner." if {
	some attempt in by_others
	attempt.servedAs == "owner"
} else := ""

# What the tokens at hand cannot prove, in the words of whoever got them.
caveats := concat("", sort({$" Of {who.name}: {who.caveat}." |
	some who in input.session.principals
	who.caveat != null
	who.name in {attempt.principal | some attempt in by_others}
}))

hijack(stream) := $"The owner's stream ended when {stream.principal} sent a GET." if {
	stream.case == "owner-displaced"
	stream.ownerStreamEnded
}

hijack(stream) := $"A Last-Event-ID of the owner gave the owner's events to {stream.principal} in another session." if {
	stream.case == "foreign-events"
	stream.outcome == "accepted"
}

injected := array.concat(
	[event |
		some event in input.session.injections
		event.outcome == "accepted"
		not explained(event)
	],
	[stream |
		some stream in input.session.streams
		stream.case == "foreign-subscription"
		stream.outcome == "accepted"
	],
)

# Who is served on the session causes its events; that is the finding of another rule.
explained(event) if {
	event.via == "foreign-session"
	event.principal in let_in
}

how(event) := "by a request that named the other's session" if {
	event.via == "foreign-session"
} else := "to a subscription of another user" if {
	event.case == "foreign-subscription"
} else := "from a session of its own"

unknown_requests := [attempt |
	some attempt in input.session.idAttempts
	attempt.operation == "request"
	attempt.outcome == "accepted"
	not attempt.case in {"missing", "empty"}
]

id_cases := {
	"never-issued": "with an id that was never given out",
	"tail-changed": "with an id whose last characters were changed",
	"parameters": "with an id and more behind it (&owner=)",
	"percent-nul": "with an id and more behind it (%00)",
	"space-inside": "with an id and more behind a space",
	"empty": "with an empty id",
	"missing": "without an id",
}

weak_finding(ids) := placed("session/weak-id", at, [ids], $"{of_what} {concat(", ", reasons)}.") if {
	reasons := sort(identifiers.weakness(ids))
	count(reasons) > 0
	at := {"session": place.transport, "handle": "/spec/handles"}[ids.kind]
	of_what := {"session": "Of the session ids", "handle": "Of the handles"}[ids.kind]
}

# With a valid proof such a token is served, so the scheme is known to the server.
without_key := [attempt |
	input.session.confirmation.supported
	some attempt in input.session.confirmation.attempts
	attempt.outcome == "accepted"
	attempt.principal != "alice-dpop-replayed"
]

replayed := [attempt |
	input.session.confirmation.supported
	some attempt in input.session.confirmation.attempts
	attempt.outcome == "accepted"
	attempt.principal == "alice-dpop-replayed"
]

proofs(attempts) := concat(", ", sort({proof_texts[attempt.principal] | some attempt in attempts}))

proof_texts := {
	"alice-dpop-no-proof": "without a proof",
	"alice-dpop-as-bearer": "under the scheme Bearer",
	"alice-dpop-other-key": "with a proof of another key",
	"alice-dpop-replayed": "with a proof that had been used before",
}

state_cases := [attempt |
	some state in input.session.modern.requestStates
	state.influential
	some attempt in state.cases
	attempt.outcome == "accepted"
]

state_texts := {
	"other-principal": "from another user",
	"other-arguments": "with other arguments",
	"other-tool": "on another tool",
	"changed-character": "with a character changed",
	"rewritten-json": "with its JSON rewritten",
	"truncated": "cut short",
	"emptied": "as an empty text",
}

evidence_of(attempts) := {id | some attempt in attempts; some id in attempt.evidence}

on_session(rule, attempts, message) := placed(rule, place.transport, attempts, message)

placed(rule, at, attempts, message) := {
	"rule": rule,
	"at": at,
	"evidence": evidence_of(attempts),
	"message": message,
}
