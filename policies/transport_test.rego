package mcp.transport_test

import data.mcp.fixtures
import data.mcp.transport

silent := [set(), set()]

http_finding(slug, evidence, message) := {
	"rule": concat("/", ["transport", slug]),
	"at": "/spec/transport",
	"evidence": evidence,
	"message": message,
}

process_finding(slug, evidence, message) := {
	"rule": concat("/", ["transport", slug]),
	"at": "/spec/run/command",
	"evidence": evidence,
	"message": message,
}

foreign(changes) := fixtures.http_but({"foreignRequests": [fixtures.foreign(object.union(
	{
		"outcome": "accepted",
		"httpStatus": 200,
		"evidence": ["x9"],
	},
	changes,
))]})

post(changes) := fixtures.http_but({"crossSitePosts": [fixtures.post(object.union(
	{
		"outcome": "accepted",
		"httpStatus": 200,
		"evidence": ["x9"],
	},
	changes,
))]})

cors(changes, without_token) := fixtures.http_but({
	"servesWithoutToken": without_token,
	"cors": [fixtures.cors(object.union({"evidence": ["x9"]}, changes))],
})

test_a_faultless_server_gets_no_finding_over_http if {
	[transport.deny, transport.warn] == silent with input as fixtures.faultless
}

test_a_faultless_server_gets_no_finding_over_stdio if {
	[transport.deny, transport.warn] == silent with input as fixtures.stdio_but({})
}

test_without_facts_there_is_no_finding if {
	[transport.deny, transport.warn] == silent with input as fixtures.but({"transport": null})
}

test_deprecated_http_sse_warns_when_it_is_offered if {
	transport.warn == {{
		"rule": "transport/deprecated-http-sse",
		"at": "/spec/transport/type",
		"evidence": {"x39"},
		"message": "GET /sse opens an event stream of the HTTP+SSE transport of 2024-11-05.",
	}} with input as fixtures.http_but({"deprecatedSse": {"offered": true, "path": "/sse"}})
}

test_deprecated_http_sse_warns_when_the_path_is_unknown if {
	{finding.message | some finding in transport.warn} == {"GET opens an event stream of the HTTP+SSE transport of 2024-11-05."} with input as fixtures.http_but({"deprecatedSse": {"offered": true}})
}

test_deprecated_http_sse_is_silent_when_it_is_not_offered if {
	transport.warn == set() with input as fixtures.http_but({"deprecatedSse": {"offered": false}})
}

test_origin_not_validated_denies_without_a_token if {
	facts := fixtures.http_but({"foreignRequests": [
		fixtures.foreign({"outcome": "accepted", "evidence": ["x8"]}),
		fixtures.foreign({"case": "null-origin", "outcome": "accepted", "face": "/sse", "evidence": ["x9"]}),
	]})
	transport.deny == {http_finding(
		"origin-not-validated",
		{"x8", "x9"},
		"A request without a token and with Origin: null or a foreign Origin was served at /mcp, /sse; 403 is required.",
	)} with input as facts
	transport.warn == set() with input as facts
}

test_origin_not_validated_warns_with_a_token if {
	facts := foreign({"authenticated": true})
	transport.warn == {http_finding(
		"origin-not-validated",
		{"x9"},
		"A request with a valid token and with a foreign Origin was served at /mcp; 403 is required.",
	)} with input as facts
	transport.deny == set() with input as facts
}

test_origin_not_validated_is_silent_when_refused_or_unknown[outcome] if {
	some outcome in ["refused", "inconclusive"]
	[transport.deny, transport.warn] == silent with input as foreign({"outcome": outcome})
}

test_host_not_validated_warns_with_and_without_a_token[note] if {
	some note, authenticated in {"with": true, "without": false}
	facts := foreign({"case": "foreign-host", "authenticated": authenticated})
	transport.warn == {http_finding("host-not-validated", {"x9"}, "A request with a foreign Host was served at /mcp.")} with input as facts
	transport.deny == set() with input as facts
}

test_host_not_validated_is_silent_when_refused if {
	transport.warn == set() with input as foreign({"case": "foreign-host", "outcome": "refused"})
}

test_dns_rebinding_denies_without_a_token if {
	facts := foreign({"case": "rebinding"})
	transport.deny == {http_finding(
		"dns-rebinding",
		{"x9"},
		"A request without a token whose Host and Origin are the same foreign name was served at /mcp; 403 is required.",
	)} with input as facts
	transport.warn == set() with input as facts
}

test_dns_rebinding_warns_with_a_token if {
	facts := foreign({"case": "rebinding", "authenticated": true})
	transport.warn == {http_finding(
		"dns-rebinding",
		{"x9"},
		"A request with a valid token whose Host and Origin are the same foreign name was served at /mcp; 403 is required.",
	)} with input as facts
	transport.deny == set() with input as facts
}

test_dns_rebinding_is_silent_when_refused if {
	[transport.deny, transport.warn] == silent with input as foreign({"case": "rebinding", "outcome": "refused"})
}

test_cross_site_post_denies_a_foreign_origin_without_a_token if {
	facts := post({})
	transport.deny == {http_finding("cross-site-post", {"x9"}, "A POST without a token of text/plain was served at /mcp.")} with input as facts
	transport.warn == set() with input as facts
}

test_cross_site_post_warns_otherwise[note] if {
	some note, changes in {
		"without a token": {"origin": null},
		"with a valid token": {"authenticated": true},
	}
	facts := post(changes)
	transport.warn == {http_finding("cross-site-post", {"x9"}, $"A POST {note} of text/plain was served at /mcp.")} with input as facts
	transport.deny == set() with input as facts
}

test_cross_site_post_is_silent_when_refused if {
	[transport.deny, transport.warn] == silent with input as post({"outcome": "refused"})
}

permissive := {
	"repeats a foreign origin": {"reflectsOrigin": true, "allowOrigin": "http://attacker.example"},
	`names "null"`: {"allowOrigin": "null"},
	`is "*" with credentials`: {"allowOrigin": "*", "allowCredentials": true},
}

test_permissive_cors_denies_where_no_token_is_needed[reason] if {
	some reason, changes in permissive
	facts := cors(changes, true)
	transport.deny == {http_finding("permissive-cors", {"x9"}, $"Access-Control-Allow-Origin {reason} at /mcp.")} with input as facts
	transport.warn == set() with input as facts
}

test_permissive_cors_warns_where_a_token_is_needed[reason] if {
	some reason, changes in permissive
	facts := cors(changes, false)
	transport.warn == {http_finding("permissive-cors", {"x9"}, $"Access-Control-Allow-Origin {reason} at /mcp.")} with input as facts
	transport.deny == set() with input as facts
}

test_permissive_cors_warns_where_the_request_itself_is_refused if {
	facts := cors({"method": "POST", "httpStatus": 403, "reflectsOrigin": true}, true)
	transport.warn == {http_finding("permissive-cors", {"x9"}, "Access-Control-Allow-Origin repeats a foreign origin at /mcp.")} with input as facts
	transport.deny == set() with input as facts
}

test_permissive_cors_is_silent_on_careful_answers[note] if {
	some note, changes in {
		"none": {},
		"any without credentials": {"allowOrigin": "*"},
		"one of its own": {"allowOrigin": "https://app.example", "allowCredentials": true},
	}
	[transport.deny, transport.warn] == silent with input as cors(changes, true)
}

everywhere := {"listeners": [
	{"address": "127.0.0.1", "port": 8123, "allInterfaces": false},
	{"address": "0.0.0.0", "port": 8124, "allInterfaces": true},
]}

test_listens_on_all_interfaces_warns_when_started_here if {
	transport.warn == {process_finding("listens-on-all-interfaces", set(), "It listens on 0.0.0.0 port 8124, not on loopback alone.")} with input as fixtures.http_but(everywhere)
}

test_listens_on_all_interfaces_is_silent_when_it_ran_already if {
	facts := object.union(fixtures.http_but(everywhere), {"candidate": {"run": "url"}})
	transport.warn == set() with input as facts
}

test_listens_on_all_interfaces_is_silent_when_the_platform_cannot_tell if {
	transport.warn == set() with input as fixtures.http_but({"listeners": null})
}

test_stdout_noise_warns_of_other_lines if {
	facts := fixtures.stdio_but({"stdio": object.union(fixtures.stdio, {"noise": {"lines": 3, "samples": ["ready"], "evidence": ["x9"]}})})
	transport.warn == {process_finding("stdout-noise", {"x9"}, "Lines on stdout that were no JSON-RPC message: 3.")} with input as facts
}

test_stdout_noise_denies_a_flood if {
	facts := fixtures.stdio_but({"stdio": object.union(fixtures.stdio, {"noise": {"lines": 501, "samples": ["ready"], "evidence": ["x9"]}})})
	transport.deny == {process_finding("stdout-noise", {"x9"}, "Lines on stdout that were no JSON-RPC message: 501.")} with input as facts
	transport.warn == set() with input as facts
}

test_stdout_noise_is_silent_on_a_clean_channel if {
	transport.warn == set() with input as fixtures.stdio_but({"stdio": object.union(fixtures.stdio, {"noise": {"lines": 0}})})
}

test_does_not_exit_warns_when_stdin_ends if {
	facts := fixtures.stdio_but({"stdio": object.union(fixtures.stdio, {"exitOnEof": {"exited": false, "afterMs": null}})})
	transport.warn == {process_finding("does-not-exit", {"x70"}, "It kept running after its stdin was closed.")} with input as facts
}

test_does_not_exit_warns_when_sigterm_is_ignored if {
	facts := fixtures.but({"transport": {"shutdown": {"sigtermHonoured": false}}})
	transport.warn == {process_finding("does-not-exit", set(), "It kept running after SIGTERM and had to be killed.")} with input as facts
}

test_does_not_exit_is_silent_when_no_signal_was_needed if {
	transport.warn == set() with input as fixtures.but({"transport": {"shutdown": {"sigtermHonoured": null}}})
}

test_does_not_exit_is_silent_on_a_server_that_ran_already if {
	transport.warn == set() with input as fixtures.but({"transport": {"shutdown": null}})
}

test_leaves_processes_warns_of_survivors if {
	facts := fixtures.but({"transport": {"shutdown": {"leftovers": [{"pid": 7, "command": "node worker.js"}], "portFreed": false}}})
	transport.warn == {process_finding("leaves-processes", set(), "Still running after it was stopped: node worker.js.")} with input as facts
}

test_leaves_processes_warns_of_a_port_still_taken if {
	facts := fixtures.but({"transport": {"shutdown": {"portFreed": false}}})
	transport.warn == {process_finding("leaves-processes", set(), "Its port was still taken after it was stopped.")} with input as facts
}

test_leaves_processes_is_silent_when_all_is_gone if {
	transport.warn == set() with input as fixtures.but({"transport": {"shutdown": {"leftovers": [], "portFreed": null}}})
}

test_crashes_denies_a_candidate_that_died if {
	facts := fixtures.but({"transport": {"crashes": [{
		"experiment": "protocol/initialize",
		"afterExchange": "x8",
		"exitCode": 1,
		"signal": null,
		"evidence": ["x9"],
	}]}})
	transport.deny == {process_finding("crashes", {"x8", "x9"}, "It died during protocol/initialize.")} with input as facts
}

test_crashes_is_silent_when_it_lived if {
	transport.deny == set() with input as fixtures.but({"transport": {"crashes": []}})
}
