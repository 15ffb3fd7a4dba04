# METADATA
# title: A faultless resource server
# description: The authorization facts of a server that is right in everything, and ways to put one fault into them.
package mcp.authorization_fixtures

import data.mcp.fixtures

challenge := {
	"schemes": ["bearer"],
	"bearer": true,
	"resourceMetadata": "http://127.0.0.1:8123/.well-known/oauth-protected-resource/mcp",
	"scopes": ["mcp:tools"],
	"error": null,
	"malformed": false,
}

# A request without a token that was refused as it should be.
attempt(changes) := object.union(
	{
		"face": "/mcp",
		"era": "legacy",
		"operation": "request",
		"method": "tools/list",
		"outcome": "refused",
		"httpStatus": 401,
		"errorCode": null,
		"challenge": challenge,
		"evidence": ["x100"],
	},
	changes,
)

served(changes) := attempt(object.union({"outcome": "accepted", "httpStatus": 200, "challenge": null, "evidence": ["x9"]}, changes))

initialize := {"operation": "initialize", "method": "initialize"}

call := {"operation": "call", "method": "tools/call"}

too_little := object.union(challenge, {"error": "insufficient_scope"})

# A request with too little scope that was refused as it should be.
scoped(changes) := attempt(object.union({"httpStatus": 403, "challenge": too_little, "evidence": ["x120"]}, changes))

document(changes) := object.union(
	{
		"place": "path",
		"url": "http://127.0.0.1:8123/.well-known/oauth-protected-resource/mcp",
		"announced": true,
		"used": true,
		"outcome": "document",
		"httpStatus": 200,
		"resource": "http://127.0.0.1:8123/mcp",
		"resourceMatch": "exact",
		"authorizationServers": ["http://127.0.0.1:9000"],
		"scopesSupported": ["mcp:tools"],
		"evidence": ["x110"],
	},
	changes,
)

absent(changes) := document(object.union(
	{
		"outcome": "absent",
		"httpStatus": 404,
		"announced": false,
		"used": false,
		"resource": null,
		"resourceMatch": null,
		"authorizationServers": [],
		"scopesSupported": null,
	},
	changes,
))

server(changes) := object.union(
	{
		"issuer": "http://127.0.0.1:9000",
		"https": false,
		"loopback": true,
		"named": true,
		"outcome": "document",
		"reason": null,
		"metadataUrl": "http://127.0.0.1:9000/.well-known/oauth-authorization-server",
		"announcedIssuer": "http://127.0.0.1:9000",
		"issuerMatch": "exact",
		"s256": true,
		"insecureEndpoints": [],
		"evidence": ["x110"],
	},
	changes,
)

principal := {
	"name": "alice",
	"available": true,
	"reason": null,
	"distinction": "not",
	"subjectKnown": true,
	"audienceKnown": true,
	"scopes": ["mcp:tools"],
	"caveat": null,
}

defect(name, changes) := object.union(attempt(changes), {"principal": name})

authorization := {
	"provider": "embedded",
	"endpoint": "http://127.0.0.1:8123/mcp",
	"scopes": ["mcp:tools"],
	"required": "all",
	"bearer": true,
	"principals": [principal],
	"anonymous": [
		attempt(initialize),
		attempt({}),
		attempt(call),
		attempt({"operation": "stream", "method": "GET", "outcome": "not-offered", "httpStatus": 405, "challenge": null}),
	],
	"tokenTests": {"applicable": true, "reason": null},
	"defects": [defect("expired", {}), defect("wrong-audience", {})],
	"tokenInQuery": [attempt({})],
	"doubledHeader": [object.union(attempt({"httpStatus": 400}), {"case": "valid-first"})],
	"lowScope": [scoped({}), scoped(call)],
	"documents": [document({}), absent({"place": "root", "url": "http://127.0.0.1:8123/.well-known/oauth-protected-resource"})],
	"authorizationServers": [server({})],
	"oddities": [],
	"notTested": [],
}

# The faultless resource server with these changes to its authorization facts.
but(changes) := object.union(fixtures.faultless, {"authorization": object.union(authorization, changes)})

# The same, and its best revision is this one.
speaking(revision, changes) := object.union(but(changes), {"protocol": {"best": revision}})
