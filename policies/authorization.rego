# METADATA
# title: Authorization
# description: Whom the candidate serves over HTTP, and what it tells those it turns away.
package mcp.authorization

# METADATA
# scope: rule
# title: The server asks nobody for a token
# description: >-
#   Everything that was tried over HTTP was served to a caller without any credentials. Authorization is optional in MCP,
#   but whoever can reach such a server can use all of it, and nothing in it can be bound to a user.
# related_resources:
# - description: Protocol requirements
#   ref: https://modelcontextprotocol.io/specification/2025-11-25/basic/authorization#protocol-requirements
# - description: Protocol requirements
#   ref: https://modelcontextprotocol.io/specification/2026-07-28/basic/authorization#protocol-requirements
# custom:
#   id: authorization/none-required
#   severity: high
#   requirement: advice
#   remediation: Make the server an OAuth resource server that refuses every request without a valid token with 401, or lower this rule in policy data for servers that only listen where everybody is trusted.
deny contains finding if {
	input.authorization.required == "none"
	finding := found("none-required", unguarded, $"Without a token these were served: {operations(unguarded)}. Nothing was refused.")
}

# METADATA
# scope: rule
# title: A route or operation is served without a token
# description: >-
#   The server asks for a token at some places and not at others. Every HTTP request has to carry one, whatever its
#   method and even within a session, and a server must validate it before it processes the request: one open door, or
#   an old route forgotten beside the new one, lets everybody in.
# related_resources:
# - description: Token requirements
#   ref: https://modelcontextprotocol.io/specification/2025-11-25/basic/authorization#token-requirements
# - description: Access token privilege restriction
#   ref: https://modelcontextprotocol.io/specification/2025-11-25/basic/authorization#access-token-privilege-restriction
# - description: Token handling
#   ref: https://modelcontextprotocol.io/specification/2026-07-28/basic/authorization#token-handling
# custom:
#   id: authorization/unprotected-route
#   severity: high
#   requirement: MUST
#   remediation: Check the token in one place that every route and method passes, before the message is read; remove routes that are not needed.
deny contains finding if {
	input.authorization.required == "some"
	finding := found("unprotected-route", unguarded, $"Without a token these were served: {operations(unguarded)}. Others were refused.")
}

# METADATA
# scope: rule
# title: Clients cannot find out who issues the tokens
# description: >-
#   A server that wants bearer tokens must publish protected resource metadata (RFC 9728) since revision 2025-06-18, and
#   must say where: in WWW-Authenticate of its 401 answers, or at a well-known path. A client that is told a URL has to
#   use it, so one that leads nowhere is as bad as none. Servers that show no sign of bearer tokens, or that speak older
#   revisions only, get a warning, because those are not bound by it; so do 401 answers without any WWW-Authenticate,
#   which RFC 6750 section 3 asks for.
# related_resources:
# - description: Authorization server location
#   ref: https://modelcontextprotocol.io/specification/2025-11-25/basic/authorization#authorization-server-location
# - description: Protected resource metadata discovery requirements
#   ref: https://modelcontextprotocol.io/specification/2026-07-28/basic/authorization/authorization-server-discovery#protected-resource-metadata-discovery-requirements
# custom:
#   id: authorization/no-resource-metadata
#   severity: medium
#   requirement: MUST
#   remediation: Serve a JSON document at /.well-known/oauth-protected-resource followed by the path of the endpoint, without asking for a token, and name its URL as resource_metadata in the Bearer challenge of every 401.
deny contains finding if {
	hidden_metadata
	bound_by_resource_metadata
	finding := missing_metadata
}

warn contains finding if {
	hidden_metadata
	not bound_by_resource_metadata
	finding := missing_metadata
}

warn contains finding if {
	not hidden_metadata
	silent := [attempt | some attempt in turned_away; attempt.httpStatus == 401; is_null(attempt.challenge)]
	count(silent) > 0
	finding := found("no-resource-metadata", silent, $"These were refused with 401 and no WWW-Authenticate: {operations(silent)}.")
}

# METADATA
# scope: rule
# title: The metadata does not fit the server or its issuer
# description: >-
#   A client must not use protected resource metadata whose resource is not the server it asked for, nor metadata of an
#   authorization server that names another issuer, and must refuse an authorization server without PKCE by S256.
#   Endpoints of an authorization server must be https outside this machine. A resource that differs by its final slash,
#   or names a path above the endpoint, is a mismatch by RFC 9728 section 3.3 too; as common clients take it, it is a
#   warning, and so is an authorization server that could not be reached from here.
# related_resources:
# - description: Authorization server location
#   ref: https://modelcontextprotocol.io/specification/2025-11-25/basic/authorization#authorization-server-location
# - description: Authorization code protection
#   ref: https://modelcontextprotocol.io/specification/2025-11-25/basic/authorization#authorization-code-protection
# - description: Authorization server metadata discovery
#   ref: https://modelcontextprotocol.io/specification/2026-07-28/basic/authorization/authorization-server-discovery#authorization-server-metadata-discovery
# custom:
#   id: authorization/metadata-mismatch
#   severity: medium
#   requirement: MUST
#   remediation: Make resource the canonical URL of the endpoint as clients write it, list the authorization servers by their exact issuer, and check that their own metadata names that issuer and S256.
deny contains finding if {
	count(contradictions) > 0
	finding := mismatch(contradictions)
}

warn contains finding if {
	count(deviations) > 0
	finding := mismatch(deviations)
}

# METADATA
# scope: rule
# title: A token for another server is accepted
# description: >-
#   A server must only accept tokens that were issued for it, and must reject those that do not name it in their
#   audience. Else any other server that a user trusts with a token can use that token here, as that user. That
#   holds for tokens of another path of the same origin, unless the resource metadata names a path above both, and for an
#   audience that is a list.
# related_resources:
# - description: Token audience binding and validation
#   ref: https://modelcontextprotocol.io/specification/2025-11-25/basic/authorization#token-audience-binding-and-validation
# - description: Access token privilege restriction
#   ref: https://modelcontextprotocol.io/specification/2025-11-25/basic/authorization#access-token-privilege-restriction
# - description: Token handling
#   ref: https://modelcontextprotocol.io/specification/2026-07-28/basic/authorization#token-handling
# custom:
#   id: authorization/wrong-audience-accepted
#   severity: critical
#   requirement: MUST
#   remediation: Tell the token verifier which audience to expect (the canonical URL of the endpoint, path included, whether the claim is text or a list) and make the claim required; most libraries check it only when they are told.
deny contains finding if {
	served := [attempt | some attempt in served_tokens; attempt.principal in audience_defects]
	count(served) > 0
	tokens := {defects[attempt.principal] | some attempt in served}
	finding := found("wrong-audience-accepted", served, $"With {concat(" and with ", sort(tokens))} these were served: {operations(served)}.")
}

# METADATA
# scope: rule
# title: An invalid token is accepted
# description: >-
#   A token was served that no verifier may let pass: anybody can forge it, or it is not valid now, or it comes from an
#   issuer the server does not know. There is one finding for each kind.
# related_resources:
# - description: Token handling
#   ref: https://modelcontextprotocol.io/specification/2025-11-25/basic/authorization#token-handling
# - description: Token handling
#   ref: https://modelcontextprotocol.io/specification/2026-07-28/basic/authorization#token-handling
# custom:
#   id: authorization/invalid-token-accepted
#   severity: critical
#   requirement: MUST
#   remediation: Verify signature, algorithm, issuer and times of every token with a library that does all of it, allow only the algorithms the issuer uses, and fetch keys from configured places only.
deny contains finding if {
	some name, token in defects
	not name in audience_defects
	served := [attempt | some attempt in served_tokens; attempt.principal == name]
	count(served) > 0
	finding := found("invalid-token-accepted", served, $"With {token} these were served: {operations(served)}.")
}

# METADATA
# scope: rule
# title: The token is taken from the query string
# description: >-
#   Access tokens must not travel in the URI: they end up in logs, histories and Referer headers. A server that honours
#   them there invites clients to send them.
# related_resources:
# - description: Token requirements
#   ref: https://modelcontextprotocol.io/specification/2025-11-25/basic/authorization#token-requirements
# - description: Token requirements
#   ref: https://modelcontextprotocol.io/specification/2026-07-28/basic/authorization#token-requirements
# custom:
#   id: authorization/token-in-query
#   severity: medium
#   requirement: MUST
#   remediation: Read the token from the Authorization header only; turn off the query parameter access_token in the middleware.
deny contains finding if {
	served := [attempt | some attempt in input.authorization.tokenInQuery; attempt.outcome == "accepted"]
	count(served) > 0
	finding := found("token-in-query", served, $"With the token as access_token in the query, and none in the header, these were served: {operations(served)}.")
}

# METADATA
# scope: rule
# title: Scopes are not enforced, or not told
# description: >-
#   A token without the scopes that a request needs should get 403 with error="insufficient_scope" and the list of those
#   scopes, so that a client can ask for them and for nothing more; the challenge of a 401 should list them too. A server
#   that serves its tools to a token with none of the scopes that the manifest names does not enforce them, which is
#   denied.
# related_resources:
# - description: Runtime insufficient scope errors
#   ref: https://modelcontextprotocol.io/specification/2025-11-25/basic/authorization#runtime-insufficient-scope-errors
# - description: Protected resource metadata discovery requirements
#   ref: https://modelcontextprotocol.io/specification/2025-11-25/basic/authorization#protected-resource-metadata-discovery-requirements
# - description: Runtime insufficient scope errors
#   ref: https://modelcontextprotocol.io/specification/2026-07-28/basic/authorization#runtime-insufficient-scope-errors
# custom:
#   id: authorization/no-scope-challenge
#   severity: medium
#   requirement: SHOULD
#   remediation: Compare the scopes of the token with those the operation needs, and answer 403 with WWW-Authenticate naming the scheme Bearer, error="insufficient_scope" and the needed scopes.
warn contains finding if {
	poor := [attempt | some attempt in input.authorization.lowScope; attempt.outcome == "refused"; scope_faults(attempt) != set()]
	count(poor) > 0
	faults := {fault | some attempt in poor; some fault in scope_faults(attempt)}
	finding := found("no-scope-challenge", poor, $"A token without {wanted_scopes} was refused with {concat(", ", sort(faults))}: {operations(poor)}.")
}

deny contains finding if {
	count(input.authorization.scopes) > 0
	calls := [attempt | some attempt in input.authorization.lowScope; attempt.operation == "call"; attempt.outcome == "accepted"]
	count(calls) > 0
	refused := [attempt | some attempt in input.authorization.lowScope; attempt.outcome == "refused"]
	count(refused) == 0
	finding := found("no-scope-challenge", calls, $"A token without {wanted_scopes} was served like one that has them: {operations(calls)}.")
}

notice contains finding if {
	count(input.authorization.scopes) > 0
	mute := [attempt |
		some attempt in turned_away
		attempt.httpStatus == 401
		attempt.challenge.bearer == true
		is_null(attempt.challenge.scopes)
	]
	count(mute) > 0
	finding := found("no-scope-challenge", mute, $"The challenge of a 401 lists no scope: {operations(mute)}.")
}

# METADATA
# scope: rule
# title: Nobody knows whether scopes are enforced
# description: >-
#   The manifest names scopes, and a token without them was served whatever was tried; but no tool was called with it,
#   because the manifest names none that works. A server may list its tools to everybody and still refuse to run them.
# related_resources:
# - description: Runtime insufficient scope errors
#   ref: https://modelcontextprotocol.io/specification/2025-11-25/basic/authorization#runtime-insufficient-scope-errors
# - description: Runtime insufficient scope errors
#   ref: https://modelcontextprotocol.io/specification/2026-07-28/basic/authorization#runtime-insufficient-scope-errors
# custom:
#   id: authorization/scopes-untested
#   severity: medium
#   requirement: advice
#   undecides: true
#   remediation: Name a harmless tool that works for the user in whoami or exercise of the manifest, so that a call can be tried with too few scopes.
deny contains finding if {
	count(input.authorization.scopes) > 0
	served := [attempt | some attempt in input.authorization.lowScope; attempt.outcome == "accepted"]
	count(served) > 0
	count([attempt | some attempt in input.authorization.lowScope; attempt.outcome == "refused"]) == 0
	count([attempt | some attempt in input.authorization.lowScope; attempt.operation == "call"]) == 0
	finding := found("scopes-untested", served, $"A token without {wanted_scopes} was served ({operations(served)}), and no tool was called with it.")
}

unguarded := [attempt | some attempt in input.authorization.anonymous; attempt.outcome == "accepted"]

# Without a token, and not because the operation does not exist.
turned_away := [attempt | some attempt in input.authorization.anonymous; attempt.outcome in {"refused", "inconclusive"}]

served_tokens := [attempt | some attempt in input.authorization.defects; attempt.outcome == "accepted"]

asks_for_tokens if input.authorization.required in {"all", "some"}

asks_for_tokens if {
	some attempt in turned_away
	attempt.httpStatus == 401
}

# Revision 2025-06-18 brought protected resource metadata.
bound_by_resource_metadata if {
	input.authorization.bearer == true
	not speaks_older_only
}

speaks_older_only if {
	best := input.protocol.best
	best != null
	best < "2025-06-18"
}

# The document that a client ends up with, wherever it lies.
used := [document | some document in input.authorization.documents; document.used == true]

hidden_metadata if {
	asks_for_tokens
	count([document | some document in used; document.outcome in {"document", "elsewhere"}]) == 0
}

missing_metadata := {
	"rule": "authorization/no-resource-metadata",
	"at": "/spec/authorization",
	"evidence": ({id | some document in input.authorization.documents; some id in document.evidence} | {id | some attempt in turned_away; some id in attempt.evidence}),
	"message": metadata_message,
}

metadata_message := $"The challenge names {substring(used[0].url, 0, 120)} as resource_metadata, where there is {emptiness[used[0].outcome]}." if {
	count(used) > 0
} else := $"No challenge names resource_metadata, and the well-known paths have no document: {concat(", ", sort(places))}."

places := {$"{substring(document.url, 0, 120)} ({emptiness[document.outcome]})" |
	some document in input.authorization.documents
	document.outcome in object.keys(emptiness)
}

emptiness := {
	"absent": "nothing",
	"redirect": "a redirect",
	"html": "an HTML page",
	"invalid": "no JSON object",
	"no-answer": "no answer",
}

mismatch(reasons) := {
	"rule": "authorization/metadata-mismatch",
	"at": "/spec/authorization",
	"evidence": {id | some document in used; some id in document.evidence},
	"message": $"{concat("; ", sort(reasons))}.",
}

contradictions contains $"resource is {quoted(document.resource)}, and the endpoint {input.authorization.endpoint}" if {
	some document in used_by_clients
	document.resourceMatch == "different"
}

contradictions contains "the metadata names no resource" if {
	some document in used_by_clients
	document.resourceMatch == "missing"
}

contradictions contains "the metadata names no authorization server" if {
	some document in used_by_clients
	count(document.authorizationServers) == 0
}

contradictions contains $"the authorization server {quoted(server.issuer)} is neither https nor on this machine" if {
	some server in authorization_servers
	server.https == false
	server.loopback == false
}

contradictions contains $"the authorization server {quoted(server.issuer)} has no metadata" if {
	some server in authorization_servers
	server.outcome == "none"
}

contradictions contains $"the metadata of {quoted(server.issuer)} is of another issuer" if {
	some server in authorization_servers
	server.issuerMatch in {"different", "missing"}
}

contradictions contains $"the metadata of {quoted(server.issuer)} does not list PKCE by S256" if {
	some server in authorization_servers
	server.s256 == false
}

contradictions contains $"the metadata of {quoted(server.issuer)} has endpoints that are neither https nor on this machine: {concat(", ", server.insecureEndpoints)}" if {
	some server in authorization_servers
	count(server.insecureEndpoints) > 0
}

deviations contains $"resource is {quoted(document.resource)}, which differs from {input.authorization.endpoint} by its final slash" if {
	some document in used_by_clients
	document.resourceMatch == "trailing-slash"
}

deviations contains $"resource is {quoted(document.resource)}, a path above {input.authorization.endpoint}" if {
	some document in used_by_clients
	document.resourceMatch == "parent"
}

deviations contains $"the authorization server {quoted(server.issuer)} could not be reached" if {
	some server in authorization_servers
	server.outcome == "unreachable"
}

deviations contains $"the issuer of the metadata of {quoted(server.issuer)} differs by its final slash" if {
	some server in authorization_servers
	server.issuerMatch == "trailing-slash"
}

# Where nobody is asked for a token, no client looks for metadata.
used_by_clients := [document | asks_for_tokens; some document in used; document.outcome == "document"]

authorization_servers := [server | asks_for_tokens; some server in input.authorization.authorizationServers]

audience_defects := {"wrong-audience", "sibling-audience", "audience-list", "missing-audience"}

defects := {
	"wrong-audience": "a token for another resource",
	"sibling-audience": "a token for another path of the same origin",
	"audience-list": "a token for a list of other resources",
	"missing-audience": "a token without an audience",
	"wrong-issuer": "a token that names another issuer",
	"foreign-issuer": "a token that an unknown issuer signed",
	"expired": "an expired token",
	"not-yet-valid": "a token that is not valid yet",
	"bad-signature": "a token with a wrong signature",
	"alg-none": "a token without a signature (alg none)",
	"hs256-public-key": "a token signed with the public key as a shared secret (HS256)",
	"invented": "a random string",
}

# What a refusal for lack of scope should have and has not.
scope_faults(attempt) := {fault |
	some fault, present in {
		$"HTTP {attempt.httpStatus} instead of 403": attempt.httpStatus == 403,
		"no error=\"insufficient_scope\"": object.get(attempt, ["challenge", "error"], null) == "insufficient_scope",
		"no list of scopes": names_scopes(attempt),
	}
	not present
}

names_scopes(attempt) if {
	some scope in attempt.challenge.scopes
	scope in input.authorization.scopes
} else if {
	count(input.authorization.scopes) == 0
	count(attempt.challenge.scopes) > 0
} else := false

wanted_scopes := concat(" ", [substring(scope, 0, 60) | some scope in input.authorization.scopes]) if {
	count(input.authorization.scopes) > 0
} else := "any scope of the server"

found(slug, attempts, message) := {
	"rule": concat("/", ["authorization", slug]),
	"at": "/spec/authorization",
	"evidence": {id | some attempt in attempts; some id in attempt.evidence},
	"message": message,
}

# Each operation once, with the route it was tried at.
operations(attempts) := concat(", ", sort({$"{operation(attempt)} at {substring(attempt.face, 0, 80)}" | some attempt in attempts}))

operation(attempt) := "GET of an event stream" if {
	attempt.operation == "stream"
} else := "DELETE of a session" if {
	attempt.operation == "delete"
} else := "a notification" if {
	attempt.operation == "notification"
} else := substring(attempt.method, 0, 60)

quoted(text) := substring(text, 0, 200)
