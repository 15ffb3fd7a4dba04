package mcp.gate_test

import data.mcp.fixtures
import data.mcp.gate

finding(slug, message) := {
	"rule": concat("/", ["gate", slug]),
	"at": "/spec/run/command",
	"evidence": set(),
	"message": message,
}

protocol_is(changes) := fixtures.but({"probes": [fixtures.record("protocol", changes), fixtures.record("transport", {})]})

test_a_faultless_run_gets_no_finding if {
	gate.deny == set() with input as fixtures.faultless
}

test_candidate_not_started_denies_with_the_reason_and_nothing_else if {
	facts := fixtures.but({
		"candidate": {"started": false, "readyMs": null, "failure": "exited with code 1"},
		"probes": [],
		"protocol": null,
		"transport": null,
	})
	gate.deny == {finding("candidate-not-started", "It did not start: exited with code 1")} with input as facts
}

test_candidate_not_started_denies_without_a_reason if {
	gate.deny == {finding("candidate-not-started", "It did not start.")} with input as fixtures.but({"candidate": {"started": false}})
}

test_candidate_not_started_denies_when_nobody_said_so if {
	gate.deny == {finding("candidate-not-started", "It did not start.")} with input as {}
}

test_candidate_not_started_is_silent_when_it_started if {
	gate.deny == set() with input as fixtures.but({"candidate": {"started": true}})
}

test_probe_inconclusive_denies_with_what_was_not_tested if {
	facts := protocol_is({
		"status": "inconclusive",
		"untested": [
			{"experiment": "stability", "reason": "429"},
			{"experiment": "discover", "reason": "the control failed"},
		],
	})
	gate.deny == {finding("probe-inconclusive", "The probe protocol is inconclusive: stability: 429; discover: the control failed")} with input as facts
}

test_probe_inconclusive_denies_with_the_reason_where_no_experiment_is_named if {
	facts := protocol_is({"status": "inconclusive", "reason": "out of time"})
	gate.deny == {finding("probe-inconclusive", "The probe protocol is inconclusive: out of time")} with input as facts
}

test_probe_inconclusive_denies_once_where_all_have_the_same_reason if {
	why := {"status": "inconclusive", "reason": "nobody was let in"}
	facts := fixtures.but({"probes": [fixtures.record("transport", why), fixtures.record("protocol", why)]})
	gate.deny == {finding("probe-inconclusive", "The probes protocol, transport are inconclusive: nobody was let in")} with input as facts
}

test_probe_inconclusive_denies_even_without_facts if {
	facts := object.union(protocol_is({"status": "inconclusive"}), {"protocol": null})
	gate.deny == {finding("probe-inconclusive", "The probe protocol is inconclusive: no reason given.")} with input as facts
}

test_probe_inconclusive_is_silent_when_not_applicable if {
	facts := object.union(protocol_is({"status": "not-applicable", "reason": "stdio has no headers"}), {"protocol": null})
	gate.deny == set() with input as facts
}

test_probe_missing_denies_what_did_not_report if {
	facts := fixtures.but({"probes": [fixtures.record("protocol", {})]})
	gate.deny == {finding("probe-missing", "The probe transport did not report.")} with input as facts
}

test_probe_missing_denies_all_that_did_not_report if {
	gate.deny == {
		finding("probe-missing", "The probe protocol did not report."),
		finding("probe-missing", "The probe transport did not report."),
	} with input as fixtures.but({"probes": []})
}

test_probe_missing_denies_a_report_without_facts[id] if {
	some id in ["protocol", "transport"]
	gate.deny == {finding("probe-missing", $"The probe {id} reported no facts.")} with input as fixtures.but({id: null})
}

test_probe_missing_denies_a_report_whose_facts_are_not_there_at_all if {
	gate.deny == {finding("probe-missing", "The probe protocol reported no facts.")} with input as object.remove(fixtures.faultless, ["protocol"])
}

test_probe_missing_is_silent_on_probes_that_were_not_expected if {
	facts := fixtures.but({"gate": {"probes": ["transport"]}, "probes": [fixtures.record("transport", {})], "protocol": null})
	gate.deny == set() with input as facts
}

test_probe_failed_denies_with_the_reason if {
	facts := object.union(protocol_is({"status": "failed", "reason": "TypeError"}), {"protocol": null})
	gate.deny == {finding("probe-failed", "The probe protocol broke: TypeError")} with input as facts
}

test_probe_failed_is_silent_on_completed_probes if {
	gate.deny == set() with input as protocol_is({"status": "completed"})
}
