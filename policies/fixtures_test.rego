# METADATA
# title: A faultless candidate
# description: The facts of a server that is right in everything, and ways to put one fault into them.
package mcp.fixtures

initialize := {
	"case": "known",
	"requested": "2025-11-25",
	"outcome": "same",
	"answered": "2025-11-25",
	"known": true,
	"httpStatus": 200,
	"errorCode": null,
	"supported": [],
	"sessionIssued": true,
	"capabilities": ["tools"],
	"serverName": "billing",
	"serverVersion": "1.0.0",
	"durationMs": 3,
	"evidence": ["x1"],
}

attempt(changes) := object.union(initialize, changes)

inline(changes) := object.union(
	{
		"case": "modern",
		"requested": "2026-07-28",
		"outcome": "result",
		"httpStatus": 200,
		"errorCode": null,
		"supported": [],
		"evidence": ["x20"],
	},
	changes,
)

conformance(changes) := object.union(
	{
		"case": "unknown-method",
		"requirement": "MUST",
		"expected": "HTTP 404 and -32601",
		"conforms": true,
		"httpStatus": 404,
		"errorCode": -32601,
		"evidence": ["x30"],
	},
	changes,
)

foreign(changes) := object.union(
	{
		"face": "/mcp",
		"kind": "mcp",
		"era": "legacy",
		"operation": "request",
		"case": "foreign-origin",
		"outcome": "refused",
		"httpStatus": 403,
		"authenticated": false,
		"evidence": ["x40"],
	},
	changes,
)

post(changes) := object.union(
	{
		"face": "/mcp",
		"contentType": "text/plain",
		"origin": "http://attacker.example",
		"outcome": "refused",
		"httpStatus": 415,
		"authenticated": false,
		"evidence": ["x50"],
	},
	changes,
)

cors(changes) := object.union(
	{
		"face": "/mcp",
		"method": "POST",
		"httpStatus": 200,
		"allowOrigin": null,
		"reflectsOrigin": false,
		"allowCredentials": false,
		"evidence": ["x60"],
	},
	changes,
)

protocol := {
	"eras": ["legacy", "modern"],
	"supported": ["2025-06-18", "2025-11-25", "2026-07-28"],
	"best": "2026-07-28",
	"oldestAccepted": "2025-06-18",
	"unknownAnswer": {"outcome": "counter-offer", "answered": "2025-11-25", "evidence": ["x5"]},
	"initialize": [
		attempt({"requested": "2024-11-05", "outcome": "counter-offer", "evidence": ["x2"]}),
		attempt({"requested": "2025-06-18", "answered": "2025-06-18", "evidence": ["x3"]}),
		attempt({"evidence": ["x4"]}),
		attempt({"case": "unknown", "requested": "2099-12-31", "outcome": "counter-offer", "evidence": ["x5"]}),
		attempt({"case": "empty", "requested": "", "outcome": "counter-offer", "evidence": ["x6"]}),
		attempt({"case": "number", "requested": 7, "outcome": "error", "answered": null, "known": false, "errorCode": -32602}),
		attempt({"case": "absent", "requested": null, "outcome": "http-error", "answered": null, "known": false, "httpStatus": 400}),
		attempt({"case": "modern", "requested": "2026-07-28", "outcome": "counter-offer", "evidence": ["x7"]}),
	],
	"discover": {
		"outcome": "result",
		"supportedVersions": ["2025-11-25", "2026-07-28"],
		"capabilities": ["tools"],
		"serverName": "billing",
		"serverVersion": "1.0.0",
		"httpStatus": 200,
		"errorCode": null,
		"evidence": ["x19"],
	},
	"inline": [
		inline({}),
		inline({"case": "legacy", "requested": "2025-11-25", "outcome": "unsupported-version", "evidence": ["x21"]}),
		inline({"case": "unknown", "requested": "2099-12-31", "outcome": "unsupported-version", "evidence": ["x22"]}),
	],
	"versionHeader": [
		{"case": "absent", "sent": null, "outcome": "accepted", "httpStatus": 200, "evidence": ["x10"]},
		{"case": "invalid", "sent": "1999-01-01", "outcome": "refused", "httpStatus": 400, "evidence": ["x11"]},
		{"case": "other", "sent": "2025-06-18", "outcome": "accepted", "httpStatus": 200, "evidence": ["x12"]},
	],
	"modern": [conformance({}), conformance({"case": "get", "requirement": "SHOULD", "conforms": null})],
	"stability": {"repeated": [], "byClient": []},
	"claims": [claim],
	"violations": [],
}

claim := {
	"source": "manifest",
	"kind": "protocolVersion",
	"claimed": "2025-11-25",
	"observed": true,
	"pointer": "/spec/declares/protocolVersions/0",
	"evidence": ["x4"],
}

http := {
	"host": "127.0.0.1",
	"path": "/mcp",
	"servesWithoutToken": true,
	"faces": [{"path": "/mcp", "kind": "mcp", "announcedBy": "manifest", "evidence": ["x1"]}],
	"deprecatedSse": {"offered": false, "path": null, "evidence": ["x39"]},
	"foreignRequests": [
		foreign({}),
		foreign({"case": "null-origin"}),
		foreign({"case": "foreign-host"}),
		foreign({"case": "rebinding"}),
	],
	"crossSitePosts": [post({}), post({"origin": null})],
	"cors": [cors({}), cors({"method": "OPTIONS", "allowOrigin": "*"})],
	"listeners": [{"address": "127.0.0.1", "port": 8123, "allInterfaces": false}],
	"resumption": null,
}

stdio := {
	"noise": {"lines": 0, "samples": [], "evidence": []},
	"exitOnEof": {"exited": true, "afterMs": 12, "evidence": ["x70"]},
}

transport := {
	"type": "streamable-http",
	"http": http,
	"stdio": null,
	"batches": [],
	"shutdown": {"sigtermHonoured": true, "afterMs": 20, "leftovers": [], "portFreed": true},
	"crashes": [],
}

record(id, changes) := object.union({"id": id, "status": "completed", "reason": null, "untested": [], "durationMs": 5}, changes)

candidate := {
	"name": "billing",
	"labels": {},
	"transport": "streamable-http",
	"run": "command",
	"started": true,
	"readyMs": 80,
	"failure": null,
}

faultless := {
	"gate": {
		"version": "0.0.0",
		"startedAt": "2026-11-23T00:00:00Z",
		"startedAtMs": 1795392000000,
		"probes": ["protocol", "transport"],
	},
	"manifest": {"apiVersion": "mcp-gate/v1", "kind": "McpServerDeployment", "metadata": {"name": "billing"}},
	"candidate": candidate,
	"probes": [record("protocol", {}), record("transport", {})],
	"protocol": protocol,
	"authorization": null,
	"session": null,
	"tasks": null,
	"elicitation": null,
	"transport": transport,
}

# The faultless candidate with these changes: objects are merged, everything else replaced.
but(changes) := object.union(faultless, changes)

protocol_but(changes) := but({"protocol": changes})

http_but(changes) := but({"transport": {"http": changes}})

# The same over stdio.
stdio_but(changes) := but({"transport": object.union({"type": "stdio", "http": null, "stdio": stdio}, changes)})
