package mcp.session_test

import data.mcp.fixtures as candidate
import data.mcp.session
import data.mcp.session_fixtures as fixtures

silent := [set(), set(), set()]

levels := [session.deny, session.warn, session.notice]

placed(slug, at, evidence, message) := {
	"rule": concat("/", ["session", slug]),
	"at": at,
	"evidence": evidence,
	"message": message,
}

finding(slug, evidence, message) := placed(slug, "/spec/transport", evidence, message)

served(changes) := fixtures.attempt(object.union({"outcome": "accepted", "httpStatus": 200, "evidence": ["x8"]}, changes))

let_in(changes) := fixtures.nobody(object.union({"outcome": "accepted", "httpStatus": 200, "evidence": ["x9"]}, changes))

strict := {"minimumProtocolVersion": "2025-06-18", "preferredProtocolVersion": "2025-11-25", "sessionBinding": "credential"}

test_faultless_sessions_get_no_finding if {
	levels == silent with input as fixtures.but({})
}

test_without_facts_there_is_no_finding if {
	levels == silent with input as object.union(candidate.faultless, {"session": null})
}

# A server without any authorization: nobody is another principal, and nothing that needs a token was tried.
test_an_open_server_gets_no_finding_that_needs_a_token if {
	levels == silent with input as fixtures.but({
		"authenticated": false,
		"attempts": [],
		"openedWithoutToken": null,
		"confirmation": null,
		"handles": [fixtures.handle({"principal": "anonymous", "standing": "nobody", "outcome": "accepted"})],
		"modern": null,
	})
}

test_unauthenticated_denies_a_session_that_stands_in_for_a_token if {
	facts := fixtures.attempts([
		let_in({}),
		let_in({"operation": "stream", "evidence": ["x10"]}),
		let_in({"principal": "expired", "standing": "defective", "evidence": ["x11"]}),
		let_in({"principal": "low-scope", "standing": "same-user-narrower", "operation": "call", "evidence": ["x12"]}),
	])
	levels == [
		{finding(
			"unauthenticated",
			{"x9", "x10", "x11", "x12"},
			"On the owner's session requests were served that are refused elsewhere: anonymous (GET streams, requests); expired (requests); low-scope (tool calls).",
		)},
		set(),
		set(),
	] with input as facts
}

test_unauthenticated_denies_sessions_for_everybody if {
	facts := fixtures.but({"openedWithoutToken": {"outcome": "accepted", "sessionIssued": true}})
	levels == [
		{finding("unauthenticated", {"x91"}, "initialize without a token was served.")},
		set(),
		set(),
	] with input as facts
}

test_unauthenticated_is_silent_where_no_session_is_opened if {
	levels == silent with input as fixtures.but({"openedWithoutToken": {"outcome": "accepted"}})
}

test_unauthenticated_is_silent_where_the_same_is_served_anyway if {
	levels == silent with input as fixtures.attempts([let_in({"ownRight": true})])
}

test_unauthenticated_is_silent_when_refused_ignored_or_unknown[outcome] if {
	some outcome in ["refused", "ignored", "inconclusive"]
	levels == silent with input as fixtures.attempts([let_in({"outcome": outcome})])
}

test_other_principal_accepted_denies_with_names_and_operations if {
	facts := fixtures.attempts([
		served({}),
		served({"operation": "delete", "evidence": ["x10"]}),
		served({"operation": "notification", "evidence": ["x11"]}),
		served({"principal": "bob-refreshed", "evidence": ["x12"]}),
	])
	levels == [
		{finding(
			"other-principal-accepted",
			{"x8", "x10", "x11", "x12"},
			"On the owner's session another user was served: bob (DELETE, notifications, requests); bob-refreshed (requests).",
		)},
		set(),
		set(),
	] with input as facts
}

test_other_principal_accepted_denies_and_tells_in_whose_name if {
	facts := fixtures.attempts([served({"operation": "call", "servedAs": "owner"})])
	{each.message | some each in session.deny} == {"On the owner's session another user was served: bob (tool calls). The server took the other user for the owner."} with input as facts
}

test_other_principal_accepted_denies_and_tells_where_there_are_several_faces if {
	facts := fixtures.attempts([fixtures.attempt({}), served({"face": "/sse"})])
	{each.message | some each in session.deny} == {"On the owner's session another user was served: bob (requests at /sse)."} with input as facts
}

test_other_principal_accepted_denies_and_tells_what_the_tokens_do_not_prove if {
	facts := fixtures.but({
		"attempts": [served({})],
		"principals": [object.union(fixtures.session.principals[0], {"caveat": "tokens of this issuer name no user"})],
	})
	{each.message | some each in session.deny} == {"On the owner's session another user was served: bob (requests). Of bob: tokens of this issuer name no user."} with input as facts
}

test_other_principal_accepted_warns_of_a_session_that_was_ended if {
	facts := fixtures.attempts([fixtures.attempt({"sessionLost": true})])
	levels == [
		set(),
		{finding("other-principal-accepted", {"x100"}, "Refused attempts ended the session for its owner: bob (requests).")},
		set(),
	] with input as facts
}

test_other_principal_accepted_is_silent_when_refused_ignored_or_unknown[outcome] if {
	some outcome in ["refused", "ignored", "inconclusive"]
	levels == silent with input as fixtures.attempts([served({"outcome": outcome})])
}

test_other_principal_accepted_is_silent_about_the_owner_with_another_token if {
	levels == silent with input as fixtures.attempts([fixtures.owner({"sessionLost": true, "operation": "delete"})])
}

test_other_client_accepted_denies_where_policy_binds_to_the_credential if {
	facts := fixtures.but({})
	levels == [
		{finding(
			"other-client-accepted",
			{"x102"},
			"On the owner's session the same user was served with another credential: alice-other-client (requests); alice-refreshed (requests).",
		)},
		set(),
		set(),
	] with input as facts with data.mcp.config as strict
}

test_other_client_accepted_is_silent_where_policy_binds_to_the_user if {
	levels == silent with input as fixtures.but({})
}

test_other_client_accepted_is_silent_when_the_other_credential_is_refused if {
	facts := fixtures.attempts([fixtures.owner({"outcome": "refused"})])
	levels == silent with input as facts with data.mcp.config as strict
}

test_refreshed_other_principal_accepted_denies_when_only_the_refreshed_token_is_served if {
	facts := fixtures.attempts([fixtures.attempt({}), served({"principal": "bob-refreshed", "servedAs": "owner", "operation": "call"})])
	levels == [
		{finding(
			"refreshed-other-principal-accepted",
			{"x8"},
			"On the owner's session another user was served with a refreshed token: bob-refreshed (tool calls). The server took the other user for the owner.",
		)},
		set(),
		set(),
	] with input as facts
}

test_refreshed_other_principal_accepted_is_silent_when_refused if {
	levels == silent with input as fixtures.attempts([fixtures.attempt({"principal": "bob-refreshed"})])
}

test_rebinds_to_other_principal_denies_a_session_that_changed_hands if {
	levels == [
		{finding("rebinds-to-other-principal", {"x103"}, "After an attempt by bob on the owner's session, the owner was taken for bob.")},
		set(),
		set(),
	] with input as fixtures.but({"rebinding": {"rebound": true}})
}

test_rebinds_to_other_principal_is_silent_when_nobody_could_tell if {
	levels == silent with input as fixtures.but({"rebinding": null})
}

test_cross_client_leak_denies_answers_that_went_astray if {
	facts := fixtures.but({"collisions": [
		fixtures.collision({"misdelivered": 2, "evidence": ["x8"]}),
		fixtures.collision({"era": "modern", "misdelivered": 1, "evidence": ["x9"]}),
		fixtures.collision({}),
	]})
	levels == [
		{finding("cross-client-leak", {"x8", "x9"}, "4 clients used the same JSON-RPC id at the same time, and answers reached the wrong one: 3.")},
		set(),
		set(),
	] with input as facts
}

test_cross_client_leak_is_silent_when_answers_are_only_missing if {
	levels == silent with input as fixtures.but({"collisions": [fixtures.collision({"unanswered": 3})]})
}

test_stream_hijack_denies_a_stream_taken_over if {
	levels == [
		{finding("stream-hijack", {"x130"}, "The owner's stream ended when bob sent a GET.")},
		set(),
		set(),
	] with input as fixtures.but({"streams": [fixtures.stream({"outcome": "accepted", "ownerStreamEnded": true})]})
}

test_stream_hijack_denies_events_in_another_session if {
	levels == [
		{finding("stream-hijack", {"x130"}, "A Last-Event-ID of the owner gave the owner's events to bob in another session.")},
		set(),
		set(),
	] with input as fixtures.but({"streams": [fixtures.stream({"case": "foreign-events", "outcome": "accepted"})]})
}

test_stream_hijack_is_silent_about_a_second_stream_beside_the_first if {
	levels == silent with input as fixtures.but({"streams": [
		fixtures.stream({"outcome": "accepted"}),
		fixtures.stream({"httpStatus": 409}),
		fixtures.stream({"case": "foreign-events"}),
	]})
}

test_response_spoofing_denies_an_answer_from_somebody_else if {
	facts := fixtures.attempts([fixtures.attempt({}), served({"operation": "response"})])
	levels == [
		{finding("response-spoofing", {"x8"}, "A call of the owner went on with an answer of bob.")},
		set(),
		set(),
	] with input as facts
}

test_response_spoofing_is_silent_about_those_who_are_let_in_anyway if {
	facts := fixtures.attempts([served({}), served({"operation": "response", "evidence": ["x10"]})])
	{each.rule | some each in session.deny} == {"session/other-principal-accepted"} with input as facts
}

test_response_spoofing_is_silent_when_the_answer_had_no_effect if {
	levels == silent with input as fixtures.attempts([served({"operation": "response", "outcome": "ignored", "httpStatus": 202})])
}

test_event_injection_denies_events_of_others if {
	facts := fixtures.but({
		"injections": [
			fixtures.injection({"outcome": "accepted", "evidence": ["x8"]}),
			fixtures.injection({"via": "foreign-session", "outcome": "accepted", "evidence": ["x9"]}),
		],
		"streams": [fixtures.stream({"case": "foreign-subscription", "outcome": "accepted", "evidence": ["x10"]})],
	})
	levels == [
		{finding(
			"event-injection",
			{"x8", "x9", "x10"},
			"Events that one client caused reached the stream of another: by a request that named the other's session, from a session of its own, to a subscription of another user.",
		)},
		set(),
		set(),
	] with input as facts
}

test_event_injection_is_silent_about_those_who_are_let_in_anyway if {
	facts := fixtures.but({
		"attempts": [served({})],
		"injections": [fixtures.injection({"via": "foreign-session", "outcome": "accepted"})],
	})
	{each.rule | some each in session.deny} == {"session/other-principal-accepted"} with input as facts
}

test_event_injection_is_silent_when_nothing_arrived if {
	levels == silent with input as fixtures.but({"streams": [fixtures.stream({"case": "foreign-subscription"})]})
}

test_fixation_denies_an_id_that_the_client_chose if {
	levels == [
		{finding("fixation", {"x111"}, "The answer to initialize took over the session id that the client had sent.")},
		set(),
		set(),
	] with input as fixtures.but({"fixation": {"adopted": true}})
}

test_fixation_is_silent_without_session_ids if {
	levels == silent with input as fixtures.but({"fixation": null})
}

test_unknown_id_accepted_denies_requests_with_invented_ids if {
	facts := fixtures.but({"idAttempts": [
		fixtures.id_attempt({"outcome": "accepted", "evidence": ["x8"]}),
		fixtures.id_attempt({"case": "parameters", "outcome": "accepted", "evidence": ["x9"]}),
		fixtures.id_attempt({"case": "missing", "outcome": "accepted"}),
	]})
	levels == [
		{finding(
			"unknown-id-accepted",
			{"x8", "x9"},
			"Requests were served with an id and more behind it (&owner=), with an id that was never given out.",
		)},
		set(),
		set(),
	] with input as facts
}

test_unknown_id_accepted_warns_of_missing_ids_and_notifications if {
	facts := fixtures.but({"idAttempts": [
		fixtures.id_attempt({"case": "missing", "outcome": "accepted", "evidence": ["x8"]}),
		fixtures.id_attempt({"operation": "notification", "outcome": "accepted", "evidence": ["x9"]}),
	]})
	levels == [
		set(),
		{finding(
			"unknown-id-accepted",
			{"x8", "x9"},
			"A notification with an id that was never given out, a request without an id was taken.",
		)},
		set(),
	] with input as facts
}

test_unknown_id_accepted_is_silent_when_refused_or_unknown[outcome] if {
	some outcome in ["refused", "inconclusive"]
	levels == silent with input as fixtures.but({"idAttempts": [fixtures.id_attempt({"outcome": outcome})]})
}

test_survives_termination_denies_an_id_that_lives_on if {
	levels == [
		{finding("survives-termination", {"x112"}, "A request on the session was served after DELETE had been answered with success.")},
		set(),
		set(),
	] with input as fixtures.but({"termination": {"survives": true}})
}

test_survives_termination_is_silent_where_any_id_is_served if {
	facts := fixtures.but({"termination": {"survives": true}, "idAttempts": [fixtures.id_attempt({"outcome": "accepted"})]})
	{each.rule | some each in session.deny} == {"session/unknown-id-accepted"} with input as facts
}

test_survives_termination_is_silent_when_delete_is_not_offered if {
	levels == silent with input as fixtures.but({"termination": {"offered": false, "httpStatus": 405}})
}

test_weak_id_denies_session_ids_that_can_be_guessed[reasons] if {
	some reasons, changes in {
		"some were given out twice": {"distinct": 63},
		"only 32 bits look random": {"randomBits": 32},
		"each counts on from the one before, only 7 bits look random": {"counter": true, "randomBits": 7},
		"a part is the time of issue, only 9 bits look random": {"time": true, "randomBits": 9},
		"some hold other characters than visible ASCII": {"visibleAscii": false},
	}
	facts := fixtures.but({"identifiers": [fixtures.ids(changes)]})
	levels == [
		{finding("weak-id", {"x120"}, $"Of the session ids {reasons}.")},
		set(),
		set(),
	] with input as facts
}

test_weak_id_warns_of_handles_that_can_be_guessed if {
	facts := fixtures.but({"identifiers": [fixtures.handles({"counter": true, "randomBits": 4})]})
	levels == [
		set(),
		{placed("weak-id", "/spec/handles", {"x120"}, "Of the handles each counts on from the one before, only 4 bits look random.")},
		set(),
	] with input as facts
}

test_weak_id_is_silent_about_good_ids_and_too_few[note] if {
	some note, changes in {
		"time in front of randomness": {"form": "uuid-v7", "time": true, "order": "ascending", "randomBits": 74},
		"too few": {"randomBits": null},
		"events": {"kind": "event", "randomBits": 0},
		"a handle that stays the same": {"kind": "handle", "distinct": 1, "randomBits": 0},
	}
	levels == silent with input as fixtures.but({"identifiers": [fixtures.ids(changes)]})
}

test_confirmation_not_enforced_denies_a_token_without_its_key if {
	facts := fixtures.but({"confirmation": {"attempts": [
		fixtures.proof({"outcome": "accepted", "evidence": ["x8"]}),
		fixtures.proof({"principal": "alice-dpop-other-key", "outcome": "accepted", "where": "session", "evidence": ["x9"]}),
	]}})
	levels == [
		{finding(
			"confirmation-not-enforced",
			{"x8", "x9"},
			"A token that is bound to a key was served with a proof of another key, without a proof.",
		)},
		set(),
		set(),
	] with input as facts
}

test_confirmation_not_enforced_warns_of_a_proof_used_twice if {
	facts := fixtures.but({"confirmation": {"attempts": [fixtures.proof({"principal": "alice-dpop-replayed", "outcome": "accepted"})]}})
	levels == [
		set(),
		{finding("confirmation-not-enforced", {"x160"}, "A token that is bound to a key was served with a proof that had been used before.")},
		set(),
	] with input as facts
}

# RFC 9449, 7.2: a server that knows Bearer only cannot know what the claim means.
test_confirmation_not_enforced_is_silent_about_a_server_that_knows_no_proofs if {
	facts := fixtures.but({"confirmation": {
		"supported": false,
		"attempts": [fixtures.proof({"principal": "alice-dpop-as-bearer", "outcome": "accepted"})],
	}})
	levels == silent with input as facts
}

test_handle_not_bound_denies_a_handle_that_serves_others if {
	facts := fixtures.but({"handles": [
		fixtures.handle({"outcome": "accepted", "evidence": ["x8"]}),
		fixtures.handle({"principal": "anonymous", "standing": "nobody"}),
	]})
	levels == [
		{placed("handle-not-bound", "/spec/handles", {"x8"}, "Handles of the owner served others: open_cart by bob.")},
		set(),
		set(),
	] with input as facts
}

test_handle_not_bound_is_silent_when_refused if {
	levels == silent with input as fixtures.but({"handles": [fixtures.handle({})]})
}

accepted_state(changes) := fixtures.but({"modern": fixtures.modern({"requestStates": [fixtures.state([fixtures.state_case(object.union({"outcome": "accepted", "evidence": ["x8"]}, changes))])]})})

test_request_state_not_bound_denies_a_state_that_moves[how] if {
	some how, kind in {
		"from another user": "other-principal",
		"with other arguments": "other-arguments",
		"on another tool": "other-tool",
	}
	levels == [
		{placed("request-state-not-bound", "/spec/exercise", {"x8"}, $"A requestState was taken {how}.")},
		set(),
		set(),
	] with input as accepted_state({"case": kind})
}

test_request_state_not_bound_is_silent_where_the_state_decides_nothing if {
	facts := fixtures.but({"modern": fixtures.modern({"requestStates": [{
		"tool": "ask",
		"influential": false,
		"cases": [fixtures.state_case({"outcome": "accepted"})],
	}]})})
	levels == silent with input as facts
}

test_request_state_tampering_denies_a_changed_state[how] if {
	some how, kind in {
		"with a character changed": "changed-character",
		"with its JSON rewritten": "rewritten-json",
		"cut short": "truncated",
		"as an empty text": "emptied",
	}
	levels == [
		{placed("request-state-tampering", "/spec/exercise", {"x8"}, $"A requestState was taken {how}.")},
		set(),
		set(),
	] with input as accepted_state({"case": kind})
}

test_request_state_tampering_is_silent_when_refused if {
	facts := fixtures.but({"modern": fixtures.modern({"requestStates": [fixtures.state([fixtures.state_case({"case": "truncated"})])]})})
	levels == silent with input as facts
}

cached(changes) := fixtures.but({"modern": fixtures.modern({"cached": [fixtures.cached(changes)]})})

test_private_data_cached_public_denies_lists_that_differ_by_user if {
	levels == [
		{finding("private-data-cached-public", {"x190"}, "Two users got different contents with cacheScope public from tools/list.")},
		set(),
		set(),
	] with input as cached({"differs": true})
}

test_private_data_cached_public_is_silent_about_private_lists_and_equal_ones[note] if {
	some note, changes in {
		"private": {"scope": "private", "differs": true},
		"equal": {"differs": false},
		"unmarked": {"scope": null, "differs": true},
	}
	levels == silent with input as cached(changes)
}

test_refresh_refused_notices_a_session_bound_to_a_token if {
	facts := fixtures.attempts([fixtures.owner({"outcome": "refused"}), fixtures.owner({"outcome": "refused", "operation": "call", "evidence": ["x9"]})])
	levels == [
		set(),
		set(),
		{finding("refresh-refused", {"x102", "x9"}, "The owner was refused with a refreshed token: alice-refreshed (requests, tool calls).")},
	] with input as facts
}

test_refresh_refused_is_silent_where_policy_binds_to_the_credential if {
	facts := fixtures.attempts([fixtures.owner({"outcome": "refused"})])
	session.notice == set() with input as facts with data.mcp.config as strict
}

test_request_state_expiry_warns_of_a_state_that_outlives_its_end if {
	levels == [
		set(),
		{placed("request-state-expiry", "/spec/exercise", {"x181"}, "A requestState was taken after the end of a life of 2 s.")},
		set(),
	] with input as fixtures.but({"modern": fixtures.modern({"requestStates": [fixtures.state([fixtures.state_case({
		"case": "expired",
		"detail": "a life of 2 s",
		"outcome": "accepted",
		"evidence": ["x181"],
	})])]})})
}

test_request_state_expiry_is_silent_where_an_expired_state_is_refused if {
	levels == silent with input as fixtures.but({"modern": fixtures.modern({"requestStates": [fixtures.state([fixtures.state_case({
		"case": "expired",
		"detail": "a life of 2 s",
	})])]})})
}
