package mcp.protocol_test

import data.mcp.fixtures
import data.mcp.protocol

config := {"minimumProtocolVersion": "2025-06-18", "preferredProtocolVersion": "2025-11-25"}

legacy := {
	"eras": ["legacy"],
	"discover": {"outcome": "error", "supportedVersions": [], "errorCode": -32601},
	"inline": [],
	"modern": [],
}

speaks(versions, attempts) := fixtures.protocol_but(object.union(legacy, {
	"supported": versions,
	"best": versions[count(versions) - 1],
	"oldestAccepted": versions[0],
	"initialize": attempts,
}))

test_a_faultless_server_gets_no_finding if {
	[protocol.deny, protocol.warn, protocol.notice] == [set(), set(), set()] with input as fixtures.faultless
		with data.mcp.config as config
}

test_without_facts_there_is_no_finding if {
	[protocol.deny, protocol.warn, protocol.notice] == [set(), set(), set()] with input as object.union(fixtures.faultless, {"protocol": null})
		with data.mcp.config as config
}

test_below_minimum_denies_a_server_whose_best_is_old if {
	facts := speaks(["2024-11-05", "2025-03-26"], [fixtures.attempt({
		"requested": "2025-03-26",
		"answered": "2025-03-26",
		"evidence": ["x9"],
	})])
	protocol.deny == {{
		"rule": "protocol/below-minimum",
		"at": "/spec/run/command",
		"evidence": {"x9"},
		"message": "The newest revision it speaks is 2025-03-26; the minimum is 2025-06-18.",
	}} with input as facts with data.mcp.config as config
	protocol.warn == set() with input as facts with data.mcp.config as config
}

test_below_minimum_denies_a_server_that_agrees_to_nothing if {
	facts := fixtures.protocol_but(object.union(legacy, {
		"eras": [],
		"supported": [],
		"best": null,
		"oldestAccepted": null,
		"initialize": [fixtures.attempt({"outcome": "error", "answered": null, "known": false, "evidence": ["x9"]})],
	}))
	protocol.deny == {{
		"rule": "protocol/below-minimum",
		"at": "/spec/run/command",
		"evidence": {"x9"},
		"message": "No published revision could be agreed on; the minimum is 2025-06-18.",
	}} with input as facts with data.mcp.config as config
}

test_below_minimum_is_silent_when_the_probe_could_not_tell if {
	facts := object.union(fixtures.protocol_but({"best": null, "oldestAccepted": null}), {"probes": [
		fixtures.record("protocol", {"status": "inconclusive"}),
		fixtures.record("transport", {}),
	]})
	protocol.deny == set() with input as facts with data.mcp.config as config
}

test_below_minimum_is_silent_at_the_minimum if {
	facts := speaks(["2025-06-18"], [])
	protocol.deny == set() with input as facts with data.mcp.config as config
}

test_below_minimum_points_at_the_url_of_a_running_server if {
	facts := object.union(speaks(["2024-11-05"], []), {"candidate": {"run": "url"}})
	{finding.at | some finding in protocol.deny} == {"/spec/run/url"} with input as facts with data.mcp.config as config
}

test_below_preferred_warns_between_minimum_and_preferred if {
	facts := speaks(["2025-06-18"], [fixtures.attempt({
		"requested": "2025-06-18",
		"answered": "2025-06-18",
		"evidence": ["x9"],
	})])
	protocol.warn == {{
		"rule": "protocol/below-preferred",
		"at": "/spec/run/command",
		"evidence": {"x9"},
		"message": "The newest revision it speaks is 2025-06-18; 2025-11-25 is preferred.",
	}} with input as facts with data.mcp.config as config
}

test_below_preferred_is_silent_at_the_preferred if {
	protocol.warn == set() with input as speaks(["2025-11-25"], []) with data.mcp.config as config
}

test_accepts_below_minimum_warns_when_a_client_can_choose_an_old_one if {
	facts := speaks(["2024-11-05", "2025-11-25"], [fixtures.attempt({
		"requested": "2024-11-05",
		"answered": "2024-11-05",
		"evidence": ["x9"],
	})])
	protocol.warn == {{
		"rule": "protocol/accepts-below-minimum",
		"at": "/spec/run/command",
		"evidence": {"x9"},
		"message": "Asked for 2024-11-05 it agrees, although it speaks 2025-11-25; the minimum is 2025-06-18.",
	}} with input as facts with data.mcp.config as config
	protocol.deny == set() with input as facts with data.mcp.config as config
}

test_accepts_below_minimum_is_silent_from_the_minimum_on if {
	protocol.warn == set() with input as speaks(["2025-06-18", "2025-11-25"], []) with data.mcp.config as config
}

test_echoes_unknown_version_denies_a_confirmed_invention if {
	facts := fixtures.protocol_but({
		"unknownAnswer": {"outcome": "echo", "answered": "2099-12-31", "evidence": ["x8"]},
		"initialize": [
			fixtures.attempt({"case": "unknown", "requested": "1999-01-01", "answered": "1999-01-01", "known": false, "evidence": ["x7"]}),
			fixtures.attempt({"case": "unknown", "requested": "2099-12-31", "answered": "2099-12-31", "known": false, "evidence": ["x8"]}),
			fixtures.attempt({"case": "modern", "requested": "2026-07-28", "answered": "2026-07-28", "evidence": ["x9"]}),
		],
	})
	protocol.deny == {{
		"rule": "protocol/echoes-unknown-version",
		"at": "/spec/run/command",
		"evidence": {"x7", "x8"},
		"message": "Asked for 1999-01-01, 2099-12-31 it confirmed a version that was never published.",
	}} with input as facts with data.mcp.config as config
	protocol.warn == set() with input as facts with data.mcp.config as config
}

test_echoes_unknown_version_denies_a_confirmed_empty_version if {
	facts := fixtures.protocol_but({"initialize": [fixtures.attempt({"case": "empty", "requested": "", "answered": "", "known": false})]})
	{finding.message | some finding in protocol.deny} == {"Asked for an empty version it confirmed a version that was never published."} with input as facts
		with data.mcp.config as config
}

test_echoes_unknown_version_denies_what_only_the_summary_says if {
	facts := fixtures.protocol_but({"unknownAnswer": {"outcome": "echo", "evidence": ["x8"]}})
	protocol.deny == {{
		"rule": "protocol/echoes-unknown-version",
		"at": "/spec/run/command",
		"evidence": {"x8"},
		"message": "Asked for an unknown version it confirmed a version that was never published.",
	}} with input as facts with data.mcp.config as config
}

test_echoes_unknown_version_is_silent_on_a_counter_offer if {
	facts := fixtures.protocol_but({"initialize": [fixtures.attempt({"case": "unknown", "requested": "2099-12-31", "outcome": "counter-offer"})]})
	protocol.deny == set() with input as facts with data.mcp.config as config
}

negotiation(attempts) := fixtures.protocol_but({"initialize": attempts})

invalid(evidence, message) := {
	"rule": "protocol/invalid-negotiation",
	"at": "/spec/run/command",
	"evidence": evidence,
	"message": message,
}

test_invalid_negotiation_denies_a_malformed_answer if {
	facts := negotiation([fixtures.attempt({"case": "absent", "requested": null, "outcome": "malformed", "answered": null, "known": false, "evidence": ["x9"]})])
	protocol.deny == {invalid({"x9"}, "Asked for no version it answered with no valid InitializeResult.")} with input as facts
		with data.mcp.config as config
}

test_invalid_negotiation_denies_a_malformed_answer_to_a_number if {
	facts := negotiation([fixtures.attempt({
		"case": "number",
		"requested": 7,
		"outcome": "malformed",
		"answered": null,
		"known": false,
		"evidence": ["x9"],
	})])
	protocol.deny == {invalid({"x9"}, "Asked for a number it answered with no valid InitializeResult.")} with input as facts
		with data.mcp.config as config
}

test_invalid_negotiation_denies_an_offer_that_was_never_published if {
	facts := negotiation([fixtures.attempt({
		"case": "unknown",
		"requested": "2099-12-31",
		"outcome": "counter-offer",
		"answered": "2.0",
		"known": false,
		"evidence": ["x9"],
	})])
	protocol.deny == {invalid({"x9"}, `Asked for 2099-12-31 it offered "2.0", which was never published.`)} with input as facts
		with data.mcp.config as config
}

test_invalid_negotiation_denies_another_version_for_one_it_speaks if {
	facts := negotiation([fixtures.attempt({
		"requested": "2025-06-18",
		"outcome": "counter-offer",
		"answered": "2025-11-25",
		"evidence": ["x9"],
	})])
	protocol.deny == {invalid({"x9"}, "Asked for 2025-06-18, which it speaks, it answered with another version.")} with input as facts
		with data.mcp.config as config
}

test_invalid_negotiation_is_silent_on_an_echo_of_what_is_no_version if {
	facts := negotiation([
		fixtures.attempt({"case": "unknown", "requested": "2099-12-31", "answered": "2099-12-31", "known": false}),
		fixtures.attempt({"case": "number", "requested": 7, "outcome": "malformed", "answered": null, "known": false}),
	])
	{finding.rule | some finding in protocol.deny} == {"protocol/echoes-unknown-version"} with input as facts with data.mcp.config as config
}

test_invalid_negotiation_warns_of_each_way_to_offer_nothing[note] if {
	some note, changes in {
		"silence": {"case": "unknown", "requested": "2099-12-31", "outcome": "silence"},
		"http-error": {"case": "unknown", "requested": "2099-12-31", "outcome": "http-error", "httpStatus": 400},
		"exit": {"case": "unknown", "requested": "2099-12-31", "outcome": "exit"},
		"error": {"case": "unknown", "requested": "2099-12-31", "outcome": "error", "errorCode": -32603},
	}
	facts := negotiation([fixtures.attempt(object.union({"answered": null, "known": false, "evidence": ["x9"]}, changes))])
	protocol.warn == {invalid({"x9"}, $"Asked for 2099-12-31 it made no counter-offer: {note}.")} with input as facts
		with data.mcp.config as config
	protocol.deny == set() with input as facts with data.mcp.config as config
}

test_invalid_negotiation_warns_when_a_published_version_is_refused_by_http if {
	facts := negotiation([fixtures.attempt({
		"requested": "2024-11-05",
		"outcome": "http-error",
		"answered": null,
		"known": false,
		"evidence": ["x9"],
	})])
	protocol.warn == {invalid({"x9"}, "Asked for 2024-11-05 it made no counter-offer: http-error.")} with input as facts
		with data.mcp.config as config
}

test_invalid_negotiation_warns_when_initialize_agrees_to_a_modern_revision_it_does_not_speak if {
	facts := speaks(["2025-11-25"], [fixtures.attempt({
		"case": "modern",
		"requested": "2026-07-28",
		"answered": "2026-07-28",
		"evidence": ["x9"],
	})])
	protocol.warn == {invalid({"x9"}, "It agreed in initialize to 2026-07-28, a revision that has no initialize, and then does not speak it.")} with input as facts
		with data.mcp.config as config
}

test_invalid_negotiation_is_silent_on_a_proper_refusal[note] if {
	some note, changes in {
		"code": {"case": "unknown", "requested": "2099-12-31", "errorCode": -32602},
		"list": {"case": "unknown", "requested": "2099-12-31", "errorCode": -32000, "supported": ["2025-11-25"]},
		"empty": {"case": "empty", "requested": "", "errorCode": -32603},
		"number": {"case": "number", "requested": 7, "errorCode": -32603},
		"absent": {"case": "absent", "requested": null, "errorCode": -32603},
	}
	facts := negotiation([fixtures.attempt(object.union({"outcome": "error", "answered": null, "known": false}, changes))])
	[protocol.deny, protocol.warn] == [set(), set()] with input as facts with data.mcp.config as config
}

test_invalid_negotiation_is_silent_on_a_modern_server_that_knows_no_initialize if {
	facts := fixtures.protocol_but({
		"eras": ["modern"],
		"supported": ["2026-07-28"],
		"oldestAccepted": "2026-07-28",
		"initialize": [fixtures.attempt({"outcome": "http-error", "answered": null, "known": false, "httpStatus": 400})],
	})
	[protocol.deny, protocol.warn] == [set(), set()] with input as facts with data.mcp.config as config
}

test_unstable_negotiation_denies_changing_answers if {
	facts := fixtures.protocol_but({"stability": {"repeated": [
		{"between": ["attempt 1", "attempt 2"], "what": "tools", "evidence": ["x8"]},
		{"between": ["attempt 1", "attempt 3"], "what": "protocolVersion", "evidence": ["x9"]},
	]}})
	protocol.deny == {{
		"rule": "protocol/unstable-negotiation",
		"at": "/spec/run/command",
		"evidence": {"x8", "x9"},
		"message": "Asked the same again, it changed its protocol version, tools.",
	}} with input as facts with data.mcp.config as config
}

test_unstable_negotiation_is_silent_on_equal_answers if {
	facts := fixtures.protocol_but({"stability": {"repeated": []}})
	protocol.deny == set() with input as facts with data.mcp.config as config
}

test_header_not_enforced_warns_when_an_invalid_header_is_served if {
	facts := fixtures.protocol_but({"versionHeader": [{
		"case": "invalid",
		"sent": "1999-01-01",
		"outcome": "accepted",
		"httpStatus": 200,
		"evidence": ["x9"],
	}]})
	protocol.warn == {{
		"rule": "protocol/header-not-enforced",
		"at": "/spec/transport",
		"evidence": {"x9"},
		"message": "It served a request with MCP-Protocol-Version: 1999-01-01; 400 is required.",
	}} with input as facts with data.mcp.config as config
}

test_header_not_enforced_is_silent_when_the_header_is_absent_or_another if {
	facts := fixtures.protocol_but({"versionHeader": [
		{"case": "absent", "sent": null, "outcome": "accepted", "httpStatus": 200, "evidence": []},
		{"case": "other", "sent": "2025-06-18", "outcome": "accepted", "httpStatus": 200, "evidence": []},
	]})
	protocol.warn == set() with input as facts with data.mcp.config as config
}

discovery(evidence, message) := {
	"rule": "protocol/discover-inconsistent",
	"at": "/spec/run/command",
	"evidence": evidence,
	"message": message,
}

test_discover_inconsistent_warns_when_a_listed_revision_is_refused if {
	facts := fixtures.protocol_but({"inline": [fixtures.inline({"outcome": "unsupported-version"})]})
	protocol.warn == {discovery({"x19", "x20"}, "server/discover lists 2026-07-28, and requests in it are not served by its rules.")} with input as facts
		with data.mcp.config as config
}

test_discover_inconsistent_warns_when_it_is_not_implemented if {
	facts := fixtures.protocol_but({"discover": {"outcome": "error", "supportedVersions": [], "errorCode": -32601}})
	protocol.warn == {discovery({"x19", "x20"}, "Requests in 2026-07-28 are served, but server/discover is not implemented.")} with input as facts
		with data.mcp.config as config
}

test_discover_inconsistent_warns_when_it_omits_what_works if {
	facts := fixtures.protocol_but({"discover": {"supportedVersions": ["2025-11-25"]}})
	protocol.warn == {discovery({"x19", "x20"}, "Requests in 2026-07-28 are served, but server/discover does not list it.")} with input as facts
		with data.mcp.config as config
}

test_discover_inconsistent_is_silent_on_a_legacy_server if {
	facts := object.union(speaks(["2025-11-25"], []), {"protocol": {"inline": [fixtures.inline({"outcome": "error"})]}})
	protocol.warn == set() with input as facts with data.mcp.config as config
}

test_modern_errors_warns_of_what_must_and_notices_what_should if {
	facts := fixtures.protocol_but({"modern": [
		fixtures.conformance({"conforms": false, "httpStatus": 200, "evidence": ["x8"]}),
		fixtures.conformance({"case": "get", "expected": "HTTP 405", "requirement": "SHOULD", "conforms": false, "httpStatus": 404, "errorCode": null, "evidence": ["x9"]}),
		fixtures.conformance({"case": "delete", "conforms": null}),
	]})
	protocol.warn == {{
		"rule": "protocol/modern-errors",
		"at": "/spec/transport",
		"evidence": {"x8"},
		"message": "unknown-method asks for HTTP 404 and -32601, got HTTP 200 and -32601",
	}} with input as facts with data.mcp.config as config
	protocol.notice == {{
		"rule": "protocol/modern-errors",
		"at": "/spec/transport",
		"evidence": {"x9"},
		"message": "get asks for HTTP 405, got HTTP 404",
	}} with input as facts with data.mcp.config as config
}

test_modern_errors_warns_of_an_answer_without_status_and_error if {
	facts := fixtures.protocol_but({"modern": [fixtures.conformance({"conforms": false, "httpStatus": null, "errorCode": null})]})
	{finding.message | some finding in protocol.warn} == {"unknown-method asks for HTTP 404 and -32601, got no error at all"} with input as facts
		with data.mcp.config as config
}

test_modern_errors_is_silent_when_all_conform if {
	facts := fixtures.protocol_but({"modern": [fixtures.conformance({}), fixtures.conformance({"conforms": null})]})
	[protocol.warn, protocol.notice] == [set(), set()] with input as facts with data.mcp.config as config
}

test_claim_drift_denies_each_untrue_claim_where_it_stands if {
	facts := fixtures.protocol_but({"claims": [
		object.union(fixtures.claim, {"observed": false, "evidence": ["x9"]}),
		{"source": "server.json", "kind": "capability", "claimed": "prompts", "observed": false, "pointer": "/spec/registry", "evidence": []},
	]})
	protocol.deny == {
		{
			"rule": "protocol/claim-drift",
			"at": "/spec/declares/protocolVersions/0",
			"evidence": {"x9"},
			"message": "The manifest claims revision 2025-11-25, which the running server does not have.",
		},
		{
			"rule": "protocol/claim-drift",
			"at": "/spec/registry",
			"evidence": set(),
			"message": "server.json claims the capability prompts, which the running server does not have.",
		},
	} with input as facts with data.mcp.config as config
}

test_claim_drift_is_silent_on_true_claims if {
	facts := fixtures.protocol_but({"claims": [fixtures.claim]})
	protocol.deny == set() with input as facts with data.mcp.config as config
}

test_cloaking_denies_what_depends_on_the_client_name if {
	facts := fixtures.protocol_but({"stability": {"byClient": [{"between": ["claude-ai", "cursor"], "what": "tools", "evidence": ["x9"]}]}})
	protocol.deny == {{
		"rule": "protocol/cloaking",
		"at": "/spec/run/command",
		"evidence": {"x9"},
		"message": "Told another client name, it changed its tools (claude-ai, cursor).",
	}} with input as facts with data.mcp.config as config
}

test_cloaking_is_silent_on_what_changes_without_another_name if {
	difference := {"between": ["claude-ai", "cursor"], "what": "tools", "evidence": ["x9"]}
	facts := fixtures.protocol_but({"stability": {"byClient": [difference], "repeated": [difference]}})
	{finding.rule | some finding in protocol.deny} == {"protocol/unstable-negotiation"} with input as facts with data.mcp.config as config
}

test_cloaking_is_silent_when_all_clients_see_the_same if {
	facts := fixtures.protocol_but({"stability": {"byClient": []}})
	protocol.deny == set() with input as facts with data.mcp.config as config
}
