package mcp.authorization_test

import data.mcp.authorization
import data.mcp.authorization_fixtures as fixtures
import data.mcp.fixtures as candidate

silent := [set(), set(), set()]

levels := [authorization.deny, authorization.warn, authorization.notice]

finding(slug, evidence, message) := {
	"rule": concat("/", ["authorization", slug]),
	"at": "/spec/authorization",
	"evidence": evidence,
	"message": message,
}

messages(findings) := {each.message | some each in findings}

test_a_faultless_resource_server_gets_no_finding if {
	levels == silent with input as fixtures.but({})
}

test_without_facts_there_is_no_finding if {
	levels == silent with input as object.union(candidate.faultless, {"authorization": null})
}

test_none_required_denies_an_open_server if {
	facts := fixtures.but({
		"required": "none",
		"anonymous": [
			fixtures.served(fixtures.initialize),
			fixtures.served({"evidence": ["x8"]}),
			fixtures.served({"operation": "delete", "method": "DELETE"}),
			fixtures.served({"operation": "notification", "method": "notifications/cancelled"}),
			fixtures.served({"operation": "stream", "method": "GET"}),
		],
		"defects": [],
		"documents": [fixtures.absent({})],
		"authorizationServers": [],
	})
	authorization.deny == {finding(
		"none-required",
		{"x8", "x9"},
		"Without a token these were served: DELETE of a session at /mcp, GET of an event stream at /mcp, a notification at /mcp, initialize at /mcp, tools/list at /mcp. Nothing was refused.",
	)} with input as facts
	[authorization.warn, authorization.notice] == [set(), set()] with input as facts
}

test_none_required_is_silent_when_nobody_could_tell if {
	facts := fixtures.but({"required": "unknown", "anonymous": [fixtures.served(fixtures.initialize)]})
	authorization.deny == set() with input as facts
}

test_unprotected_route_denies_what_is_open_beside_the_guarded if {
	facts := fixtures.but({
		"required": "some",
		"anonymous": [fixtures.attempt({}), fixtures.served({"face": "/sse", "operation": "stream", "method": "GET"})],
	})
	authorization.deny == {finding(
		"unprotected-route",
		{"x9"},
		"Without a token these were served: GET of an event stream at /sse. Others were refused.",
	)} with input as facts
}

test_unprotected_route_is_silent_when_an_operation_is_not_offered if {
	authorization.deny == set() with input as fixtures.but({"anonymous": [
		fixtures.attempt({}),
		fixtures.attempt({"outcome": "not-offered", "httpStatus": 405}),
	]})
}

nowhere := {"documents": [fixtures.absent({}), fixtures.absent({"place": "root", "url": "http://127.0.0.1:8123/r", "outcome": "html", "httpStatus": 200})]}

nowhere_message := "No challenge names resource_metadata, and the well-known paths have no document: http://127.0.0.1:8123/.well-known/oauth-protected-resource/mcp (nothing), http://127.0.0.1:8123/r (an HTML page)."

test_no_resource_metadata_denies_a_server_that_wants_bearer_tokens if {
	facts := fixtures.but(nowhere)
	authorization.deny == {finding("no-resource-metadata", {"x100", "x110"}, nowhere_message)} with input as facts
	authorization.warn == set() with input as facts
}

test_no_resource_metadata_denies_a_challenge_that_leads_nowhere if {
	facts := fixtures.but({"documents": [fixtures.absent({"announced": true, "used": true}), fixtures.document({"used": false, "announced": false})]})
	messages(authorization.deny) == {"The challenge names http://127.0.0.1:8123/.well-known/oauth-protected-resource/mcp as resource_metadata, where there is nothing."} with input as facts
}

test_no_resource_metadata_denies_where_nobody_has_a_token_yet if {
	facts := fixtures.but(object.union(nowhere, {"required": "unknown", "anonymous": [fixtures.attempt({"outcome": "inconclusive"})]}))
	messages(authorization.deny) == {nowhere_message} with input as facts
}

test_no_resource_metadata_warns_where_nothing_speaks_of_bearer_tokens if {
	facts := fixtures.but(object.union(nowhere, {"bearer": false}))
	authorization.deny == set() with input as facts
	messages(authorization.warn) == {nowhere_message} with input as facts
}

test_no_resource_metadata_warns_a_server_of_older_revisions if {
	facts := fixtures.speaking("2025-03-26", nowhere)
	authorization.deny == set() with input as facts
	messages(authorization.warn) == {nowhere_message} with input as facts
}

test_no_resource_metadata_denies_where_no_revision_is_known if {
	messages(authorization.deny) == {nowhere_message} with input as fixtures.speaking(null, nowhere)
}

test_no_resource_metadata_warns_of_a_401_without_a_challenge if {
	facts := fixtures.but({"anonymous": [fixtures.attempt({}), fixtures.attempt(object.union(fixtures.initialize, {"challenge": null, "evidence": ["x9"]}))]})
	authorization.deny == set() with input as facts
	authorization.warn == {finding("no-resource-metadata", {"x9"}, "These were refused with 401 and no WWW-Authenticate: initialize at /mcp.")} with input as facts
}

test_no_resource_metadata_is_silent_when_it_lies_where_the_gate_may_not_go if {
	levels == silent with input as fixtures.but({"documents": [fixtures.absent({"outcome": "elsewhere", "announced": true, "used": true})], "authorizationServers": []})
}

test_no_resource_metadata_is_silent_when_nobody_is_asked_for_a_token if {
	facts := fixtures.but(object.union(nowhere, {"required": "unknown", "anonymous": []}))
	levels == silent with input as facts
}

contradictions := {
	"resource is https://other.example/mcp, and the endpoint http://127.0.0.1:8123/mcp": {"documents": [fixtures.document({"resource": "https://other.example/mcp", "resourceMatch": "different"})]},
	"the metadata names no resource": {"documents": [fixtures.document({"resource": null, "resourceMatch": "missing"})]},
	"the metadata names no authorization server": {"documents": [fixtures.document({"authorizationServers": []})], "authorizationServers": []},
	"the authorization server http://idp.example is neither https nor on this machine": {"authorizationServers": [fixtures.server({"issuer": "http://idp.example", "loopback": false, "outcome": "not-asked"})]},
	"the authorization server http://127.0.0.1:9000 has no metadata": {"authorizationServers": [fixtures.server({"outcome": "none", "issuerMatch": null, "s256": null})]},
	"the metadata of http://127.0.0.1:9000 is of another issuer": {"authorizationServers": [fixtures.server({"issuerMatch": "different"})]},
	"the metadata of http://127.0.0.1:9000 does not list PKCE by S256": {"authorizationServers": [fixtures.server({"s256": false})]},
	"the metadata of http://127.0.0.1:9000 has endpoints that are neither https nor on this machine: jwks_uri, token_endpoint": {"authorizationServers": [fixtures.server({"insecureEndpoints": ["jwks_uri", "token_endpoint"]})]},
}

test_metadata_mismatch_denies_what_no_client_may_use[reason] if {
	some reason, changes in contradictions
	facts := fixtures.but(changes)
	authorization.deny == {finding("metadata-mismatch", {"x110"}, $"{reason}.")} with input as facts
	authorization.warn == set() with input as facts
}

deviations := {
	"resource is http://127.0.0.1:8123/mcp/, which differs from http://127.0.0.1:8123/mcp by its final slash": {"documents": [fixtures.document({"resource": "http://127.0.0.1:8123/mcp/", "resourceMatch": "trailing-slash"})]},
	"resource is http://127.0.0.1:8123, a path above http://127.0.0.1:8123/mcp": {"documents": [fixtures.document({"resource": "http://127.0.0.1:8123", "resourceMatch": "parent"})]},
	"the authorization server http://127.0.0.1:9000 could not be reached": {"authorizationServers": [fixtures.server({"outcome": "unreachable", "issuerMatch": null, "s256": null})]},
	"the issuer of the metadata of http://127.0.0.1:9000 differs by its final slash": {"authorizationServers": [fixtures.server({"issuerMatch": "trailing-slash"})]},
}

test_metadata_mismatch_warns_of_what_clients_forgive[reason] if {
	some reason, changes in deviations
	facts := fixtures.but(changes)
	authorization.deny == set() with input as facts
	authorization.warn == {finding("metadata-mismatch", {"x110"}, $"{reason}.")} with input as facts
}

test_metadata_mismatch_is_silent_about_a_document_that_no_client_uses if {
	levels == silent with input as fixtures.but({"documents": [fixtures.document({}), fixtures.document({"place": "root", "used": false, "resourceMatch": "different"})]})
}

test_metadata_mismatch_is_silent_about_another_name_of_this_machine if {
	levels == silent with input as fixtures.but({"documents": [fixtures.document({"resource": "http://localhost:8123/mcp", "resourceMatch": "loopback-alias"})]})
}

test_wrong_audience_accepted_denies_all_kinds_in_one_finding if {
	facts := fixtures.but({"defects": [
		fixtures.defect("wrong-audience", fixtures.served({"evidence": ["x7"]})),
		fixtures.defect("missing-audience", fixtures.served(fixtures.initialize)),
		fixtures.defect("sibling-audience", fixtures.served({"evidence": ["x8"]})),
		fixtures.defect("audience-list", fixtures.served({"evidence": ["x8"]})),
	]})
	authorization.deny == {finding(
		"wrong-audience-accepted",
		{"x7", "x8", "x9"},
		"With a token for a list of other resources and with a token for another path of the same origin and with a token for another resource and with a token without an audience these were served: initialize at /mcp, tools/list at /mcp.",
	)} with input as facts
}

test_wrong_audience_accepted_denies_each_kind_alone[name] if {
	some name, token in {
		"wrong-audience": "a token for another resource",
		"sibling-audience": "a token for another path of the same origin",
		"audience-list": "a token for a list of other resources",
		"missing-audience": "a token without an audience",
	}
	facts := fixtures.but({"defects": [fixtures.defect(name, fixtures.served({}))]})
	authorization.deny == {finding("wrong-audience-accepted", {"x9"}, $"With {token} these were served: tools/list at /mcp.")} with input as facts
}

test_wrong_audience_accepted_is_silent_when_refused_or_unknown[outcome] if {
	some outcome in ["refused", "inconclusive", "not-offered"]
	levels == silent with input as fixtures.but({"defects": [fixtures.defect("sibling-audience", {"outcome": outcome})]})
}

test_wrong_audience_accepted_is_silent_about_other_defects if {
	facts := fixtures.but({"defects": [fixtures.defect("expired", fixtures.served({}))]})
	{each.rule | some each in authorization.deny} == {"authorization/invalid-token-accepted"} with input as facts
}

test_invalid_token_accepted_denies_each_defect_by_itself if {
	facts := fixtures.but({"defects": [
		fixtures.defect("expired", fixtures.served({"evidence": ["x7"]})),
		fixtures.defect("expired", fixtures.served(object.union(fixtures.initialize, {"evidence": ["x8"]}))),
		fixtures.defect("alg-none", fixtures.served({})),
		fixtures.defect("bad-signature", {}),
	]})
	authorization.deny == {
		finding("invalid-token-accepted", {"x7", "x8"}, "With an expired token these were served: initialize at /mcp, tools/list at /mcp."),
		finding("invalid-token-accepted", {"x9"}, "With a token without a signature (alg none) these were served: tools/list at /mcp."),
	} with input as facts
}

test_invalid_token_accepted_is_silent_when_refused_or_unknown[outcome] if {
	some outcome in ["refused", "inconclusive", "not-offered"]
	levels == silent with input as fixtures.but({"defects": [fixtures.defect("invented", {"outcome": outcome})]})
}

test_token_in_query_denies_when_it_is_honoured if {
	facts := fixtures.but({"tokenInQuery": [fixtures.served({}), fixtures.attempt(fixtures.initialize)]})
	authorization.deny == {finding(
		"token-in-query",
		{"x9"},
		"With the token as access_token in the query, and none in the header, these were served: tools/list at /mcp.",
	)} with input as facts
}

test_token_in_query_is_silent_when_it_is_refused if {
	levels == silent with input as fixtures.but({"tokenInQuery": [fixtures.attempt({})]})
}

poor := {
	"HTTP 401 instead of 403": {"httpStatus": 401},
	"no error=\"insufficient_scope\"": {"challenge": object.union(fixtures.too_little, {"error": "invalid_token"})},
	"no list of scopes": {"challenge": object.union(fixtures.too_little, {"scopes": ["other"]})},
	"no error=\"insufficient_scope\", no list of scopes": {"challenge": null},
}

test_no_scope_challenge_warns_of_a_refusal_that_does_not_tell[fault] if {
	some fault, changes in poor
	facts := fixtures.but({"lowScope": [fixtures.scoped({}), fixtures.scoped(object.union(object.union(fixtures.call, {"evidence": ["x9"]}), changes))]})
	authorization.deny == set() with input as facts
	authorization.warn == {finding(
		"no-scope-challenge",
		{"x9"},
		$"A token without mcp:tools was refused with {fault}: tools/call at /mcp.",
	)} with input as facts
}

test_no_scope_challenge_warns_where_the_manifest_names_no_scope if {
	facts := fixtures.but({"scopes": [], "lowScope": [fixtures.scoped({"challenge": null})]})
	messages(authorization.warn) == {"A token without any scope of the server was refused with no error=\"insufficient_scope\", no list of scopes: tools/list at /mcp."} with input as facts
}

test_no_scope_challenge_denies_tools_that_need_no_scope if {
	facts := fixtures.but({"lowScope": [fixtures.served({}), fixtures.served(object.union(fixtures.call, {"evidence": ["x8"]}))]})
	authorization.deny == {finding("no-scope-challenge", {"x8"}, "A token without mcp:tools was served like one that has them: tools/call at /mcp.")} with input as facts
	authorization.warn == set() with input as facts
}

test_no_scope_challenge_notices_a_401_that_lists_no_scope if {
	mute := object.union(fixtures.challenge, {"scopes": null})
	facts := fixtures.but({"anonymous": [fixtures.attempt({"challenge": mute, "evidence": ["x9"]})]})
	authorization.notice == {finding("no-scope-challenge", {"x9"}, "The challenge of a 401 lists no scope: tools/list at /mcp.")} with input as facts
	[authorization.deny, authorization.warn] == [set(), set()] with input as facts
}

test_no_scope_challenge_is_silent_when_the_manifest_names_no_scope if {
	levels == silent with input as fixtures.but({"scopes": [], "lowScope": [fixtures.served({}), fixtures.served(fixtures.call)]})
}

test_no_scope_challenge_is_silent_when_only_some_tools_need_a_scope if {
	levels == silent with input as fixtures.but({"lowScope": [fixtures.served({}), fixtures.served(fixtures.call), fixtures.scoped(fixtures.call)]})
}

test_scopes_untested_denies_when_no_tool_could_be_called if {
	facts := fixtures.but({"lowScope": [fixtures.served({"evidence": ["x9"]})]})
	levels == [
		{finding("scopes-untested", {"x9"}, "A token without mcp:tools was served (tools/list at /mcp), and no tool was called with it.")},
		set(),
		set(),
	] with input as facts
}

test_scopes_untested_is_silent_where_something_was_refused if {
	levels == silent with input as fixtures.but({"lowScope": [fixtures.served({}), fixtures.scoped({})]})
}

test_scopes_untested_is_silent_where_the_manifest_names_no_scope if {
	levels == silent with input as fixtures.but({"scopes": [], "lowScope": [fixtures.served({})]})
}

test_no_scope_challenge_is_silent_where_any_listed_scope_will_do if {
	levels == silent with input as fixtures.but({"scopes": [], "lowScope": [fixtures.scoped({"challenge": object.union(fixtures.too_little, {"scopes": ["read"]})})]})
}
