package mcp.tasks_test

import data.mcp.fixtures as candidate
import data.mcp.tasks
import data.mcp.tasks_fixtures as fixtures

# Beside the notice that every server with tasks gets.
levels := [tasks.deny, tasks.warn, {finding | some finding in tasks.notice; finding.rule != "tasks/advertised"}]

silent := [set(), set(), set()]

placed(slug, at, evidence, message) := {
	"rule": concat("/", ["tasks", slug]),
	"at": at,
	"evidence": evidence,
	"message": message,
}

finding(slug, evidence, message) := placed(slug, "/spec/exercise", evidence, message)

test_without_facts_there_is_no_finding if {
	[tasks.deny, tasks.warn, tasks.notice] == silent with input as candidate.faultless
}

test_faultless_tasks_get_a_notice_alone if {
	levels == silent with input as fixtures.but({})
}

test_advertised_notices_tasks_in_either_era if {
	tasks.notice == {placed(
		"advertised",
		"/spec/transport",
		{"x1", "x2"},
		"Tasks are offered in 2025-11-25 and 2026-07-28 (the extension io.modelcontextprotocol/tasks): correlate logs by the task id, not by the id of the request.",
	)} with input as fixtures.but({})
}

test_advertised_is_silent_where_none_are_offered if {
	tasks.notice == set() with input as fixtures.but({"offers": [fixtures.offer({"advertised": false})]})
}

test_other_principal_access_denies_by_operation if {
	levels == [
		{finding(
			"other-principal-access",
			{"x20", "x22"},
			"A task of the owner served others: anonymous (tasks/get); bob (tasks/cancel, tasks/get).",
		)},
		set(),
		set(),
	] with input as fixtures.but({"attempts": [
		fixtures.attempt({"outcome": "accepted"}),
		fixtures.attempt({"outcome": "accepted", "operation": "cancel", "evidence": ["x22"]}),
		fixtures.attempt({"outcome": "accepted", "principal": "anonymous", "standing": "nobody"}),
	]})
}

test_other_principal_access_is_silent_where_nobody_needs_a_token if {
	levels == silent with input as fixtures.but({
		"authenticated": false,
		"offers": [fixtures.offer({"list": false})],
		"attempts": [fixtures.attempt({"outcome": "accepted", "principal": "anonymous", "standing": "nobody"})],
	})
}

test_list_leaks_denies_a_list_with_a_task_of_another if {
	levels == [
		{finding("list-leaks", {"x21"}, "tasks/list showed a task of the owner to bob.")},
		set(),
		set(),
	] with input as fixtures.but({"listings": [fixtures.listing({"shows": true})]})
}

test_list_leaks_is_silent_about_the_owner if {
	levels == silent with input as fixtures.but({"listings": [fixtures.listing({
		"principal": "alice",
		"standing": "same-user",
		"shows": true,
	})]})
}

test_list_without_authorization_denies_a_list_for_everybody if {
	levels == [
		{placed(
			"list-without-authorization",
			"/spec/transport",
			{"x1"},
			"The server declares tasks.list and serves requests without a token.",
		)},
		set(),
		set(),
	] with input as fixtures.but({"authenticated": false})
}

test_list_without_authorization_denies_a_list_without_a_token if {
	levels == [
		{placed(
			"list-without-authorization",
			"/spec/transport",
			{"x21"},
			"tasks/list was answered without a token.",
		)},
		set(),
		set(),
	] with input as fixtures.but({"listings": [object.union(fixtures.nobodys_listing, {"outcome": "accepted"})]})
}

test_list_without_authorization_is_silent_on_stdio if {
	facts := object.union(
		fixtures.but({"authenticated": false, "attempts": [], "listings": []}),
		{"candidate": object.union(candidate.candidate, {"transport": "stdio"})},
	)
	levels == silent with input as facts
}

test_weak_id_denies_ids_that_count if {
	levels == [
		{finding(
			"weak-id",
			{"x40"},
			"Of the ids of the tasks of export each counts on from the one before, only 4 bits look random.",
		)},
		set(),
		set(),
	] with input as fixtures.but({"identifiers": [fixtures.ids({"counter": true, "randomBits": 4})]})
}

test_weak_id_denies_few_ids_that_nobody_would_call_random[reasons] if {
	some reasons, changes in {
		"each counts on from the one before": {"sampled": 9, "distinct": 9, "counter": true},
		"there is room for 36 bits at most": {"sampled": 3, "distinct": 3, "maxLength": 6, "alphabet": "base64url"},
		"there is room for 60 bits at most": {"sampled": 3, "distinct": 3, "maxLength": 15, "alphabet": "digits"},
	}
	levels == [
		{finding("weak-id", {"x40"}, $"Of the ids of the tasks of export {reasons}.")},
		set(),
		set(),
	] with input as fixtures.but({"identifiers": [fixtures.ids(object.union({"randomBits": null}, changes))]})
}

test_weak_id_is_silent_about_random_ids if {
	levels == silent with input as fixtures.but({"identifiers": [fixtures.ids({})]})
}

test_weak_id_is_silent_about_few_ids_that_may_be_random[note] if {
	some note, changes in {
		"none": {"sampled": 0, "distinct": 0, "maxLength": 0},
		"short, and written in many characters": {"sampled": 3, "distinct": 3, "maxLength": 11, "alphabet": "base64url"},
		"of any characters": {"sampled": 3, "distinct": 3, "maxLength": 8, "alphabet": "other"},
	}
	levels == silent with input as fixtures.but({"identifiers": [fixtures.ids(object.union({"randomBits": null}, changes))]})
}

test_unbounded_retention_warns_of_eternity_and_of_whatever_is_asked if {
	levels == [
		set(),
		{finding(
			"unbounded-retention",
			{"x50"},
			"A task of export is kept for 1728000000 ms, more than 86400000. A task of export is kept for ever.",
		)},
		set(),
	] with input as fixtures.but({"grants": [
		fixtures.grant({"grantedMs": null, "unlimited": true}),
		fixtures.grant({"grantedMs": 1728000000}),
	]})
}

test_unbounded_retention_is_silent_below_the_limit_of_the_data if {
	facts := fixtures.but({"grants": [fixtures.grant({"grantedMs": 100000000})]})
	levels == silent with input as facts with data.mcp.config.maximumTaskLifeMs as 100000000
}

test_illegal_transition_denies_what_follows_on_an_end if {
	levels == [
		{finding("illegal-transition", {"x30"}, "A task of export that was cancelled became completed.")},
		set(),
		set(),
	] with input as fixtures.but({"courses": [fixtures.course(["working", "cancelled", "completed"])]})
}

test_illegal_transition_denies_a_status_of_its_own if {
	levels == [
		{finding("illegal-transition", {"x30"}, "A task of export had a status that no revision knows.")},
		set(),
		set(),
	] with input as fixtures.but({"courses": [fixtures.course(["other", "completed"])]})
}

test_illegal_transition_denies_a_cancellation_without_effect if {
	levels == [
		{finding("illegal-transition", {"x31"}, "A task of export was cancelled, and did not become so.")},
		set(),
		set(),
	] with input as fixtures.but({"cancellations": [fixtures.cancellation({"after": "working"})]})
}

test_illegal_transition_denies_a_cancellation_after_the_end if {
	levels == [
		{finding(
			"illegal-transition",
			{"x31"},
			"A task of export could be cancelled twice. A task of export that had ended could be cancelled.",
		)},
		set(),
		set(),
	] with input as fixtures.but({"cancellations": [
		fixtures.late_cancellation({"outcome": "accepted"}),
		fixtures.cancellation({"again": {"outcome": "accepted", "errorCode": null}}),
	]})
}

test_illegal_transition_is_silent_where_cancelling_is_a_wish if {
	levels == silent with input as fixtures.but({"cancellations": [fixtures.cancellation({
		"era": "modern",
		"after": "working",
		"again": {"outcome": "accepted", "errorCode": null},
	})]})
}

test_illegal_transition_is_silent_about_a_task_that_is_gone if {
	levels == silent with input as fixtures.but({"cancellations": [fixtures.cancellation({"after": null})]})
}

test_ttl_not_honoured_warns_of_tasks_that_are_lost_or_kept if {
	levels == [
		set(),
		{finding(
			"ttl-not-honoured",
			{"x51", "x52"},
			"A task of export with a life of 1200 ms was gone after half of it. A task of export with a life of 1200 ms was still there long after.",
		)},
		set(),
	] with input as fixtures.but({"retentions": [
		fixtures.retention({"lostEarly": true}),
		fixtures.retention({"keptMs": 3400, "evidence": ["x52"]}),
	]})
}

test_ttl_not_honoured_is_silent_where_a_task_may_stay if {
	levels == silent with input as fixtures.but({"retentions": [fixtures.retention({"era": "modern", "keptMs": 3400})]})
}

test_missing_related_task_warns_of_messages_that_name_none if {
	levels == [
		set(),
		{finding(
			"missing-related-task",
			{"x60", "x61"},
			"Nothing named the task in elicitation/create, the answer to tasks/result.",
		)},
		set(),
	] with input as fixtures.but({"related": [
		fixtures.related({"present": false}),
		fixtures.related({"message": "request", "method": "elicitation/create", "present": false, "evidence": ["x61"]}),
	]})
}

test_missing_related_task_is_silent_where_all_do if {
	levels == silent with input as fixtures.but({"related": [fixtures.related({})]})
}

test_undeclared_task_denies_a_task_that_nobody_asked_for if {
	levels == [
		{finding(
			"undeclared-task",
			{"x70", "x71"},
			"A task was given by a server that does not declare them, to a call that asked for none, to a client that does not declare the extension.",
		)},
		set(),
		set(),
	] with input as fixtures.but({"negotiations": [
		fixtures.negotiation({"outcome": "task", "errorCode": null}),
		fixtures.negotiation({"era": "modern", "case": "client-without-tasks", "outcome": "task", "errorCode": null}),
		fixtures.negotiation({"case": "server-without-tasks", "outcome": "task", "errorCode": null, "evidence": ["x71"]}),
	]})
}

test_undeclared_task_warns_of_a_support_that_does_not_hold if {
	levels == [
		set(),
		{
			finding("undeclared-task", {"x70"}, "export is only to be had as a task, and a plain call was served."),
			finding("undeclared-task", {"x73"}, "echo is not to be had as a task, and one was given."),
		},
		set(),
	] with input as fixtures.but({"negotiations": [
		fixtures.negotiation({"outcome": "result", "errorCode": null}),
		fixtures.negotiation({"case": "forbidden-tool", "tool": "echo", "outcome": "task", "errorCode": null, "evidence": ["x73"]}),
	]})
}

test_undeclared_task_is_silent_about_right_refusals if {
	levels == silent with input as fixtures.but({"negotiations": [
		fixtures.negotiation({}),
		fixtures.negotiation({"outcome": "failure", "errorCode": null}),
	]})
}
