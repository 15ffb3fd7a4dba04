# METADATA
# title: Faultless sessions
# description: The session facts of a server that binds everything to its user, and ways to put one fault into them.
package mcp.session_fixtures

import data.mcp.fixtures

# An attempt on the owner's session that was refused as it should be.
attempt(changes) := object.union(
	{
		"face": "/mcp",
		"principal": "bob",
		"standing": "other-principal",
		"operation": "request",
		"outcome": "refused",
		"httpStatus": 404,
		"errorCode": null,
		"ownRight": true,
		"servedAs": null,
		"sessionLost": false,
		"evidence": ["x100"],
	},
	changes,
)

# The same by somebody whose token is none.
nobody(changes) := attempt(object.union(
	{
		"principal": "anonymous",
		"standing": "nobody",
		"httpStatus": 401,
		"ownRight": false,
		"evidence": ["x101"],
	},
	changes,
))

# What the owner gets with another token.
owner(changes) := attempt(object.union(
	{
		"principal": "alice-refreshed",
		"standing": "same-user",
		"outcome": "accepted",
		"httpStatus": 200,
		"evidence": ["x102"],
	},
	changes,
))

id_attempt(changes) := object.union(
	{
		"case": "never-issued",
		"operation": "request",
		"outcome": "refused",
		"httpStatus": 404,
		"evidence": ["x110"],
	},
	changes,
)

ids(changes) := object.union(
	{
		"kind": "session",
		"tool": null,
		"sampled": 64,
		"distinct": 64,
		"minLength": 36,
		"maxLength": 36,
		"alphabet": "hex",
		"visibleAscii": true,
		"form": "uuid-v4",
		"order": "none",
		"counter": false,
		"time": false,
		"commonPrefix": 0,
		"randomBits": 122,
		"evidence": ["x120"],
	},
	changes,
)

handles(changes) := ids(object.union({"kind": "handle", "tool": "open_cart", "sampled": 16, "distinct": 16}, changes))

stream(changes) := object.union(
	{
		"case": "owner-displaced",
		"principal": "bob",
		"outcome": "refused",
		"ownerStreamEnded": false,
		"httpStatus": 404,
		"evidence": ["x130"],
	},
	changes,
)

injection(changes) := object.union(
	{
		"via": "own-session",
		"principal": "bob",
		"outcome": "refused",
		"evidence": ["x140"],
	},
	changes,
)

collision(changes) := object.union(
	{
		"era": "legacy",
		"clients": 4,
		"rounds": 3,
		"canary": true,
		"misdelivered": 0,
		"unanswered": 0,
		"evidence": ["x150"],
	},
	changes,
)

proof(changes) := object.union(
	{
		"principal": "alice-dpop-no-proof",
		"where": "initialize",
		"outcome": "refused",
		"httpStatus": 401,
		"evidence": ["x160"],
	},
	changes,
)

handle(changes) := object.union(
	{
		"tool": "open_cart",
		"principal": "bob",
		"standing": "other-principal",
		"outcome": "refused",
		"httpStatus": 200,
		"errorCode": null,
		"evidence": ["x170"],
	},
	changes,
)

state(cases) := {"tool": "ask", "influential": true, "cases": cases}

state_case(changes) := object.union(
	{
		"case": "other-principal",
		"detail": "bob",
		"outcome": "refused",
		"httpStatus": 400,
		"errorCode": -32602,
		"evidence": ["x180"],
	},
	changes,
)

cached(changes) := object.union(
	{
		"method": "tools/list",
		"scope": "public",
		"differs": false,
		"between": ["alice", "bob"],
		"evidence": ["x190"],
	},
	changes,
)

modern(changes) := object.union({"requestStates": [state([state_case({})])], "cached": [cached({})]}, changes)

session := {
	"authenticated": true,
	"principals": [{
		"name": "bob",
		"standing": "other-principal",
		"caveat": null,
		"ownRequest": "accepted",
		"ownCall": "accepted",
		"evidence": ["x90"],
	}],
	"principalsMissing": [{"name": "low-scope", "reason": "the manifest names no scopes"}],
	"issued": true,
	"carrier": "header",
	"attempts": [
		attempt({}),
		attempt({"principal": "bob-refreshed"}),
		nobody({}),
		nobody({"operation": "response"}),
		owner({}),
		owner({"principal": "alice-other-client", "standing": "same-user-other-client"}),
	],
	"notTried": [{"what": "resume", "reason": "the server puts no ids on its events"}],
	"openedWithoutToken": {"outcome": "refused", "sessionIssued": false, "httpStatus": 401, "evidence": ["x91"]},
	"fixation": {"adopted": false, "httpStatus": 404, "evidence": ["x111"]},
	"idAttempts": [id_attempt({}), id_attempt({"operation": "notification"})],
	"termination": {"offered": true, "survives": false, "httpStatus": 404, "evidence": ["x112"]},
	"identifiers": [ids({}), handles({}), ids({"kind": "event", "randomBits": 3})],
	"rebinding": {"rebound": false, "by": "bob", "evidence": ["x103"]},
	"streams": [stream({})],
	"injections": [injection({})],
	"collisions": [collision({})],
	"confirmation": {"supported": true, "attempts": [proof({})]},
	"modern": modern({}),
	"handles": [handle({})],
}

# A faultless candidate with faultless sessions but for these changes: objects are merged, everything else replaced.
but(changes) := object.union(fixtures.faultless, {"session": object.union(session, changes)})

attempts(list) := but({"attempts": list})
