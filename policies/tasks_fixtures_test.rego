# METADATA
# title: Faultless tasks
# description: The facts of a server whose tasks are as they should be, and ways to put one fault into them.
package mcp.tasks_fixtures

import data.mcp.fixtures

offer(changes) := object.union(
	{
		"era": "legacy",
		"advertised": true,
		"toolsCall": true,
		"list": true,
		"cancel": true,
		"evidence": ["x1"],
	},
	changes,
)

# What somebody else gets of a task of the owner.
attempt(changes) := object.union(
	{
		"era": "legacy",
		"tool": "export",
		"principal": "bob",
		"standing": "other-principal",
		"operation": "get",
		"outcome": "refused",
		"httpStatus": 200,
		"errorCode": -32602,
		"evidence": ["x20"],
	},
	changes,
)

listing(changes) := object.union(
	{
		"principal": "bob",
		"standing": "other-principal",
		"outcome": "accepted",
		"shows": false,
		"httpStatus": 200,
		"evidence": ["x21"],
	},
	changes,
)

nobodys_listing := listing({"principal": "anonymous", "standing": "nobody", "outcome": "refused", "httpStatus": 401})

course(statuses) := {
	"era": "legacy",
	"tool": "export",
	"kind": "watched",
	"steps": [{"status": status, "afterMs": index * 100} | some index, status in statuses],
	"ended": true,
	"evidence": ["x30"],
}

cancellation(changes) := object.union(
	{
		"era": "legacy",
		"tool": "export",
		"before": "working",
		"outcome": "accepted",
		"errorCode": null,
		"after": "cancelled",
		"again": {"outcome": "refused", "errorCode": -32602},
		"evidence": ["x31"],
	},
	changes,
)

# A task that had ended when it was to be cancelled.
late_cancellation(changes) := cancellation(object.union(
	{"before": "completed", "outcome": "refused", "errorCode": -32602, "after": "completed", "again": null},
	changes,
))

ids(changes) := object.union(
	{
		"era": "legacy",
		"tool": "export",
		"sampled": 16,
		"distinct": 16,
		"minLength": 32,
		"maxLength": 32,
		"alphabet": "hex",
		"visibleAscii": true,
		"form": "opaque",
		"order": "none",
		"counter": false,
		"time": false,
		"commonPrefix": 0,
		"randomBits": 120,
		"evidence": ["x40"],
	},
	changes,
)

grant(changes) := object.union(
	{
		"era": "legacy",
		"tool": "export",
		"askedMs": 60000,
		"grantedMs": 60000,
		"unlimited": false,
		"evidence": ["x50"],
	},
	changes,
)

retention(changes) := object.union(
	{
		"era": "legacy",
		"tool": "export",
		"grantedMs": 1200,
		"lostEarly": false,
		"keptMs": null,
		"evidence": ["x51"],
	},
	changes,
)

related(changes) := object.union(
	{
		"tool": "export",
		"message": "result",
		"method": "tasks/result",
		"present": true,
		"evidence": ["x60"],
	},
	changes,
)

negotiation(changes) := object.union(
	{
		"era": "legacy",
		"tool": "export",
		"case": "required-plain-call",
		"outcome": "error",
		"httpStatus": 200,
		"errorCode": -32601,
		"evidence": ["x70"],
	},
	changes,
)

tasks := {
	"authenticated": true,
	"offers": [offer({}), offer({"era": "modern", "list": false, "evidence": ["x2"]})],
	"triggers": [{
		"era": "legacy",
		"tool": "export",
		"support": "required",
		"expected": true,
		"outcome": "task",
		"httpStatus": 200,
		"errorCode": null,
		"evidence": ["x10"],
	}],
	"courses": [course(["working", "input_required", "working", "completed"]), course(["working", "cancelled"])],
	"cancellations": [
		cancellation({}),
		late_cancellation({}),
		late_cancellation({"era": "modern", "outcome": "accepted", "errorCode": null}),
	],
	"attempts": [
		attempt({}),
		attempt({"operation": "cancel", "outcome": "ignored", "era": "modern", "errorCode": null}),
		attempt({"principal": "anonymous", "standing": "nobody", "httpStatus": 401}),
		attempt({"principal": "alice", "standing": "same-user", "outcome": "accepted", "errorCode": null}),
	],
	"listings": [listing({}), nobodys_listing],
	"identifiers": [ids({}), ids({"era": "modern", "sampled": 3, "distinct": 3, "randomBits": null})],
	"grants": [grant({}), grant({"askedMs": null}), grant({"grantedMs": null})],
	"retentions": [retention({}), retention({"era": "modern", "keptMs": 4000})],
	"related": [related({}), related({"message": "request", "method": "elicitation/create"})],
	"negotiations": [
		negotiation({}),
		negotiation({"case": "forbidden-tool", "outcome": "result", "errorCode": null}),
		negotiation({"era": "modern", "case": "client-without-tasks", "outcome": "result", "errorCode": null}),
	],
	"principalsMissing": [],
	"notTried": [],
}

# A faultless candidate with faultless tasks but for these changes.
but(changes) := object.union(fixtures.faultless, {"tasks": object.union(tasks, changes)})
