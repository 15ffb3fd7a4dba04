# METADATA
# title: Tasks
# description: Whose a task is, what becomes of it, and how long it is kept.
package mcp.tasks

import data.mcp.identifiers
import data.mcp.place

# METADATA
# scope: rule
# title: A task serves another user
# description: >-
#   A task holds what its user asked for, what it asks its user, and its result. Where requests are authorized it must be
#   bound to the user it was made for, in every operation; whoever learns its id otherwise reads it, answers in its user's
#   place, or ends it.
# related_resources:
# - description: Task isolation and access control
#   ref: https://modelcontextprotocol.io/specification/2025-11-25/basic/utilities/tasks#task-isolation-and-access-control
# custom:
#   id: tasks/other-principal-access
#   severity: critical
#   requirement: MUST
#   remediation: Keep issuer and subject of the verified token with the task when it is made, and answer every operation of anybody else as if there were no such task.
deny contains finding if {
	input.tasks.authenticated
	served := [attempt |
		some attempt in input.tasks.attempts
		attempt.outcome == "accepted"
		attempt.standing in {"other-principal", "nobody", "defective"}
	]
	count(served) > 0
	finding := exercised("tasks/other-principal-access", served, $"A task of the owner served others: {tried(served)}.")
}

# METADATA
# scope: rule
# title: The list of tasks shows those of others
# description: A list of tasks must hold those of its caller alone. Ids in it are the way to what they stand for.
# related_resources:
# - description: Task isolation and access control
#   ref: https://modelcontextprotocol.io/specification/2025-11-25/basic/utilities/tasks#task-isolation-and-access-control
# custom:
#   id: tasks/list-leaks
#   severity: high
#   requirement: MUST
#   remediation: Filter tasks/list by issuer and subject of the caller's token, on every page.
deny contains finding if {
	input.tasks.authenticated
	leaks := [listing |
		some listing in input.tasks.listings
		listing.standing == "other-principal"
		listing.shows
	]
	count(leaks) > 0
	finding := exercised("tasks/list-leaks", leaks, $"tasks/list showed a task of the owner to {names(leaks)}.")
}

# METADATA
# scope: rule
# title: Tasks are listed to people nobody knows
# description: >-
#   A server that cannot tell its callers apart must not list tasks: the list gives everybody the ids of everybody's, however
#   hard they are to guess.
# related_resources:
# - description: Task isolation and access control
#   ref: https://modelcontextprotocol.io/specification/2025-11-25/basic/utilities/tasks#task-isolation-and-access-control
# custom:
#   id: tasks/list-without-authorization
#   severity: high
#   requirement: SHOULD
#   remediation: Do not declare tasks.list where requests need no token, and refuse tasks/list without one where they do.
deny contains finding if {
	count(open_lists) > 0
	finding := placed("tasks/list-without-authorization", place.transport, open_lists, concat(" ", sort({open_list(one) | some one in open_lists})))
}

# METADATA
# scope: rule
# title: Task ids can be guessed
# description: >-
#   A task id gives access to what it stands for wherever callers cannot be told apart, so nobody may find one by trying or
#   by counting on from his own.
# related_resources:
# - description: Task isolation and access control
#   ref: https://modelcontextprotocol.io/specification/2025-11-25/basic/utilities/tasks#task-isolation-and-access-control
# custom:
#   id: tasks/weak-id
#   severity: high
#   requirement: MUST
#   remediation: Make task ids with a secure random number generator, 128 bits or more; a UUID of version 4 will do.
deny contains finding if {
	some ids in input.tasks.identifiers
	reasons := sort(identifiers.weakness(ids))
	count(reasons) > 0
	finding := exercised("tasks/weak-id", [ids], $"Of the ids of the tasks of {ids.tool} {concat(", ", reasons)}.")
}

# METADATA
# scope: rule
# title: Tasks are kept without bound
# description: >-
#   What a client may keep on a server for as long as it likes fills the server, and lies there to be found. A server should
#   bound the life of tasks, whatever is asked for.
# related_resources:
# - description: Resource management
#   ref: https://modelcontextprotocol.io/specification/2025-11-25/basic/utilities/tasks#resource-management
# custom:
#   id: tasks/unbounded-retention
#   severity: medium
#   requirement: SHOULD
#   remediation: Give tasks a life of your own choice where none is asked for, and cap what is asked for; the limit is mcp.config.maximumTaskLifeMs.
warn contains finding if {
	kept := [grant | some grant in input.tasks.grants; unbounded(grant)]
	count(kept) > 0
	finding := exercised("tasks/unbounded-retention", kept, concat(" ", sort({unbounded(grant) | some grant in kept})))
}

# METADATA
# scope: rule
# title: A task goes where no task may go
# description: >-
#   What has ended must stay as it ended. A task that was cancelled and completes all the same did what its user had called
#   off; one that can be cancelled after its end has two ends.
# related_resources:
# - description: Task status lifecycle
#   ref: https://modelcontextprotocol.io/specification/2025-11-25/basic/utilities/tasks#task-status-lifecycle
# - description: Task cancellation
#   ref: https://modelcontextprotocol.io/specification/2025-11-25/basic/utilities/tasks#task-cancellation
# custom:
#   id: tasks/illegal-transition
#   severity: medium
#   requirement: MUST
#   remediation: Let no status follow on completed, failed or cancelled; set cancelled before tasks/cancel is answered, and answer it with -32602 once a task has ended.
deny contains finding if {
	reasons := {reason | some course in input.tasks.courses; some reason in astray(course)} | {reason |
		some cancellation in input.tasks.cancellations
		some reason in wrongly_cancelled(cancellation)
	}
	count(reasons) > 0
	finding := exercised("tasks/illegal-transition", wayward, concat(" ", sort(reasons)))
}

# METADATA
# scope: rule
# title: Tasks are not kept for the time they are promised
# description: >-
#   The server names the life of a task. Until then its client may come back for it; afterwards it should be gone, because
#   nobody counts on its being there.
# related_resources:
# - description: TTL and resource management
#   ref: https://modelcontextprotocol.io/specification/2025-11-25/basic/utilities/tasks#ttl-and-resource-management
# custom:
#   id: tasks/ttl-not-honoured
#   severity: low
#   requirement: SHOULD
#   remediation: Name the life that you keep to, and delete a task and its result when it is over.
warn contains finding if {
	broken := [retention | some retention in input.tasks.retentions; promise_broken(retention)]
	count(broken) > 0
	finding := exercised("tasks/ttl-not-honoured", broken, concat(" ", sort({promise_broken(retention) | some retention in broken})))
}

# METADATA
# scope: rule
# title: Messages do not name the task they belong to
# description: >-
#   Results, and what a server asks its client meanwhile, come apart from the request that began a task. Only
#   io.modelcontextprotocol/related-task in _meta tells a client, and whoever reads its logs, which task they are of.
# related_resources:
# - description: Associating task-related messages
#   ref: https://modelcontextprotocol.io/specification/2025-11-25/basic/utilities/tasks#associating-task-related-messages
# custom:
#   id: tasks/missing-related-task
#   severity: low
#   requirement: MUST
#   remediation: Put io.modelcontextprotocol/related-task with the task id into _meta of every request for a task and of the answer to tasks/result.
warn contains finding if {
	loose := [one | some one in input.tasks.related; not one.present]
	count(loose) > 0
	finding := exercised("tasks/missing-related-task", loose, $"Nothing named the task in {concat(", ", sort({related_text(one) | some one in loose}))}.")
}

# METADATA
# scope: rule
# title: Tasks are given to those who asked for none
# description: >-
#   A client that does not know tasks takes one for the result, and never comes back for the real one. In 2025-11-25 the
#   client asks for a task in each call; in the extension it declares in each request that it knows them.
# related_resources:
# - description: Tool-level negotiation
#   ref: https://modelcontextprotocol.io/specification/2025-11-25/basic/utilities/tasks#tool-level-negotiation
# custom:
#   id: tasks/undeclared-task
#   severity: medium
#   requirement: MUST
#   remediation: Answer with a task only where the request says so and your capabilities do; otherwise with the result, with -32601 for a tool that is only to be had as a task, or with -32021 in 2026-07-28.
deny contains finding if {
	given := [one |
		some one in input.tasks.negotiations
		one.outcome == "task"
		one.case != "forbidden-tool"
	]
	count(given) > 0
	finding := exercised("tasks/undeclared-task", given, $"A task was given {concat(", ", sort({negotiation_texts[one.case] | some one in given}))}.")
}

warn contains finding if {
	some one in input.tasks.negotiations
	mismatch(one)
	finding := exercised("tasks/undeclared-task", [one], $"{mismatch(one)}.")
}

# METADATA
# scope: rule
# title: The server offers tasks
# description: >-
#   Work goes on after its request was answered, under another id. Logs, traces and audit records that go by the id of the
#   request lose it there.
# related_resources:
# - description: Audit and logging
#   ref: https://modelcontextprotocol.io/specification/2025-11-25/basic/utilities/tasks#audit-and-logging
# custom:
#   id: tasks/advertised
#   severity: low
#   requirement: advice
#   remediation: Correlate logs by the task id, and log who makes, reads and cancels tasks.
notice contains finding if {
	offers := [offer | some offer in input.tasks.offers; offer.advertised]
	count(offers) > 0
	finding := placed("tasks/advertised", place.transport, offers, $"Tasks are offered in {concat(" and ", sort({era_texts[offer.era] | some offer in offers}))}: correlate logs by the task id, not by the id of the request.")
}

# Lists that somebody gets whom nobody knows. On stdio the one client is known.
open_lists := array.concat(
	[offer |
		not input.tasks.authenticated
		input.candidate.transport != "stdio"
		some offer in input.tasks.offers
		offer.list
	],
	[listing |
		input.tasks.authenticated
		some listing in input.tasks.listings
		listing.standing == "nobody"
		listing.outcome == "accepted"
	],
)

open_list(one) := "tasks/list was answered without a token." if {
	one.standing == "nobody"
} else := "The server declares tasks.list and serves requests without a token."

unbounded(grant) := $"A task of {grant.tool} is kept for ever." if {
	grant.unlimited
} else := $"A task of {grant.tool} is kept for {grant.grantedMs} ms, more than {data.mcp.config.maximumTaskLifeMs}." if {
	grant.grantedMs > data.mcp.config.maximumTaskLifeMs
}

final := {"completed", "failed", "cancelled"}

# What was seen to follow on what.
astray(course) := {reason |
	some index, step in course.steps
	some reason in misstep(course, index, step)
}

misstep(course, index, step) := {$"A task of {course.tool} that was {step.status} became {course.steps[index + 1].status}."} if {
	step.status in final
	course.steps[index + 1]
} else := {$"A task of {course.tool} had a status that no revision knows."} if {
	step.status == "other"
} else := set()

# In the modern era cancelling is a wish, and acknowledged in any case.
wrongly_cancelled(cancellation) := {reason |
	cancellation.era == "legacy"
	some reason, wrong in {
		$"A task of {cancellation.tool} that had ended could be cancelled.": all_of([cancellation.outcome == "accepted", cancellation.before in final]),
		$"A task of {cancellation.tool} was cancelled, and did not become so.": all_of([
			cancellation.outcome == "accepted",
			not_in(cancellation.before, final),
			not_in(cancellation.after, {"cancelled", null}),
		]),
		$"A task of {cancellation.tool} could be cancelled twice.": all_of([again(cancellation) == "accepted", cancellation.after == "cancelled"]),
	}
	wrong
}

again(cancellation) := cancellation.again.outcome if {
	cancellation.again != null
} else := "none"

wayward := array.concat(
	[course | some course in input.tasks.courses; count(astray(course)) > 0],
	[cancellation | some cancellation in input.tasks.cancellations; count(wrongly_cancelled(cancellation)) > 0],
)

promise_broken(retention) := $"A task of {retention.tool} with a life of {retention.grantedMs} ms was gone after half of it." if {
	retention.lostEarly
} else := $"A task of {retention.tool} with a life of {retention.grantedMs} ms was still there long after." if {
	retention.era == "legacy"
	retention.keptMs != null
}

related_text(one) := "the answer to tasks/result" if {
	one.message == "result"
} else := one.method

negotiation_texts := {
	"client-without-tasks": "to a client that does not declare the extension",
	"plain-call": "to a call that asked for none",
	"required-plain-call": "to a call that asked for none",
	"server-without-tasks": "by a server that does not declare them",
}

mismatch(one) := $"{one.tool} is only to be had as a task, and a plain call was served" if {
	one.case == "required-plain-call"
	one.outcome == "result"
} else := $"{one.tool} is not to be had as a task, and one was given" if {
	one.case == "forbidden-tool"
	one.outcome == "task"
}

era_texts := {"legacy": "2025-11-25", "modern": "2026-07-28 (the extension io.modelcontextprotocol/tasks)"}

# "bob (tasks/cancel, tasks/get)"
tried(attempts) := concat("; ", sort({$"{attempt.principal} ({operations_of(attempts, attempt.principal)})" |
	some attempt in attempts
}))

operations_of(attempts, principal) := concat(", ", sort({$"tasks/{attempt.operation}" |
	some attempt in attempts
	attempt.principal == principal
}))

names(attempts) := concat(", ", sort({attempt.principal | some attempt in attempts}))

all_of(conditions) := count([condition | some condition in conditions; not condition]) == 0

not_in(value, set) := count({value} & set) == 0

exercised(rule, seen, message) := placed(rule, "/spec/exercise", seen, message)

placed(rule, at, seen, message) := {
	"rule": rule,
	"at": at,
	"evidence": {id | some one in seen; some id in one.evidence},
	"message": message,
}
