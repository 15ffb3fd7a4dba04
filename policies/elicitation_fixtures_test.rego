# METADATA
# title: Faultless elicitations
# description: The elicitation facts of a server that asks as it should, and ways to put one fault into them.
package mcp.elicitation_fixtures

import data.mcp.fixtures

url := {
	"text": "https://connect.larkspur.example/start?state=5f0c",
	"length": 49,
	"complete": true,
	"valid": true,
	"scheme": "https",
	"origin": "https://connect.larkspur.example",
	"host": "connect.larkspur.example",
	"port": null,
	"registrableDomain": "larkspur.example",
	"parsersDisagree": [],
	"userInfo": false,
	"address": null,
	"range": null,
	"punycode": false,
	"mixedScripts": false,
	"confusable": false,
	"unicodeHost": "connect.larkspur.example",
	"near": [{"origin": "https://connect.larkspur.example", "relation": "same", "distance": 0}],
	"hidden": false,
	"credentials": [],
	"personalData": [],
	"nestedUrls": [],
	"stateParameters": [{"name": "state", "where": "query", "length": 43, "bits": 256, "hash": "0123456789abcdef"}],
}

form := {
	"schemaGiven": true,
	"fields": [{"name": "plan", "type": "string", "format": null, "required": true}],
	"omittedFields": 0,
	"secrets": [],
	"links": [],
	"schemaProblems": [],
	"hidden": [],
	"sensitiveDefaults": [],
}

request(changes) := object.union(
	{
		"id": "e1",
		"atMs": 900,
		"tool": "connect_account",
		"at": "/spec/exercise/0",
		"era": "modern",
		"revision": "2026-07-28",
		"principal": "alice",
		"declared": "both",
		"channel": "input-required",
		"callId": "41",
		"requestId": "connection",
		"taskId": null,
		"sessionHash": null,
		"mode": "url",
		"modeSent": "url",
		"modeDeclared": true,
		"shape": "2026-07-28",
		"deviations": [],
		"message": {"text": "Connect your account.", "length": 21, "hiddenCharacters": false, "links": 0},
		"elicitationId": null,
		"completionNotified": null,
		"url": url,
		"form": null,
		"expectedOrigin": null,
		"evidence": ["x200"],
	},
	changes,
)

# A request with a URL that has these changes.
url_with(changes) := request({"url": changes})

# A request with a URL of this origin, in a list of one.
to(origin) := [url_with({"origin": origin, "text": $"{origin}/start", "near": []})]

form_with(changes) := request({
	"id": "e2",
	"tool": "choose_plan",
	"at": "/spec/exercise/1",
	"mode": "form",
	"modeSent": "form",
	"url": null,
	"form": object.union(form, changes),
	"evidence": ["x201"],
})

call(changes) := object.union(
	{
		"tool": "connect_account",
		"at": "/spec/exercise/0",
		"source": "exercise",
		"expected": true,
		"era": "modern",
		"principal": "alice",
		"declared": "both",
		"outcome": "result",
		"elicited": 1,
		"httpStatus": 200,
		"errorCode": null,
		"evidence": ["x202"],
	},
	changes,
)

answer(changes) := object.union(
	{
		"tool": "choose_plan",
		"at": "/spec/exercise/1",
		"era": "modern",
		"principal": "alice",
		"mode": "form",
		"answer": "decline",
		"reaction": "stopped",
		"distinguishable": true,
		"rounds": 1,
		"endless": false,
		"evidence": ["x203"],
	},
	changes,
)

comparison(changes) := object.union(
	{
		"tool": "connect_account",
		"at": "/spec/exercise/0",
		"era": "modern",
		"between": "principals",
		"principals": ["alice", "bob"],
		"sameUrl": false,
		"sharedState": [],
		"stateParameters": 1,
		"stateBits": 256,
		"evidence": ["x204"],
	},
	changes,
)

elicitation := {
	"exercised": true,
	"couldElicit": ["manifest-expects", "manifest-declares-origins", "tool-text", "seen"],
	"askingTools": ["choose_plan"],
	"reviewed": ["https://connect.larkspur.example"],
	"calls": [call({}), call({"tool": "choose_plan", "at": "/spec/exercise/1"}), call({"declared": "none", "outcome": "refused", "elicited": 0})],
	"requests": [request({}), form_with({})],
	"omitted": 0,
	"answers": [
		answer({}),
		answer({"answer": "cancel"}),
		answer({"answer": "accept", "reaction": "went-on"}),
		answer({"answer": "accept-invalid", "reaction": "rejected"}),
	],
	"comparisons": [comparison({}), comparison({"between": "calls", "principals": ["alice", "alice"]})],
}

# A faultless candidate that declares where it sends its users, but for these changes of its elicitations.
but(changes) := object.union(fixtures.faultless, {
	"elicitation": object.union(elicitation, changes),
	"manifest": {"spec": {"declares": {"elicitationOrigins": ["https://connect.larkspur.example"]}}},
})

# The same of a candidate that declares these origins.
declaring(origins, changes) := object.union(but(changes), {"manifest": {"spec": {"declares": {"elicitationOrigins": origins}}}})

requests(list) := but({"requests": list})

entry(changes) := object.union(
	{
		"origin": "https://connect.larkspur.example",
		"reviewedBy": "security@larkspur.example",
		"reason": "Users connect their accounts there.",
		"expires": "2027-05-31",
	},
	changes,
)

config(changes) := object.union({"elicitationWildcards": false, "elicitationLoopback": false}, changes)
