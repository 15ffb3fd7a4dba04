# METADATA
# title: What could not be tested
# description: A probe that told nothing proves nothing. These rules do not say that the candidate is bad, but that nobody knows.
package mcp.gate

import data.mcp.place

# METADATA
# scope: rule
# title: The candidate did not start
# description: Nothing was tested, because the candidate gave no first answer in time, or ended before.
# related_resources:
# - description: Lifecycle phases
#   ref: https://modelcontextprotocol.io/specification/2025-11-25/basic/lifecycle#lifecycle-phases
# custom:
#   id: gate/candidate-not-started
#   severity: high
#   requirement: advice
#   undecides: true
#   remediation: Correct what the message names. Where it names nothing, run the command of the manifest by hand with the same environment; variables of the runner reach it only when passEnv names them.
deny contains finding if {
	not started
	finding := {
		"rule": "gate/candidate-not-started",
		"at": place.run,
		"evidence": set(),
		"message": failure,
	}
}

# METADATA
# scope: rule
# title: An experiment told nothing
# description: The legitimate request failed, or the answer proved neither. That a candidate could not be tested is no reason to let it through.
# related_resources:
# - description: Lifecycle
#   ref: https://modelcontextprotocol.io/specification/2025-11-25/basic/lifecycle
# custom:
#   id: gate/probe-inconclusive
#   severity: medium
#   requirement: advice
#   undecides: true
#   remediation: Look at the experiments that are named, and give the candidate what it needs to answer the legitimate request.
deny contains finding if {
	started
	some why, ids in inconclusive
	finding := {
		"rule": "gate/probe-inconclusive",
		"at": place.run,
		"evidence": set(),
		"message": $"{probes_are(sort(ids))} inconclusive: {why}",
	}
}

# METADATA
# scope: rule
# title: A probe did not report
# description: A probe that had to run gave no record, or a record without facts. What it would have seen, no other rule can judge.
# related_resources:
# - description: Lifecycle
#   ref: https://modelcontextprotocol.io/specification/2025-11-25/basic/lifecycle
# custom:
#   id: gate/probe-missing
#   severity: high
#   requirement: advice
#   undecides: true
#   remediation: Run it again; if it happens again report it, because this is a fault of the gate and not of the candidate.
deny contains finding if {
	started
	some id in input.gate.probes
	not id in reported
	finding := missing($"The probe {id} did not report.")
}

deny contains finding if {
	started
	some probe in input.probes
	probe.status == "completed"
	object.get(input, probe.id, null) == null
	finding := missing($"The probe {probe.id} reported no facts.")
}

# METADATA
# scope: rule
# title: A probe broke
# description: The gate itself failed while experimenting, so nothing can be concluded about the candidate.
# related_resources:
# - description: Lifecycle
#   ref: https://modelcontextprotocol.io/specification/2025-11-25/basic/lifecycle
# custom:
#   id: gate/probe-failed
#   severity: high
#   requirement: advice
#   undecides: true
#   remediation: Run it again; if it happens again report it, because this is a fault of the gate and not of the candidate.
deny contains finding if {
	started
	some probe in input.probes
	probe.status == "failed"
	finding := {
		"rule": "gate/probe-failed",
		"at": place.run,
		"evidence": set(),
		"message": $"The probe {probe.id} broke: {because(probe)}",
	}
}

started if input.candidate.started == true

failure := $"It did not start: {input.candidate.failure}" if {
	input.candidate.failure != null
} else := "It did not start."

reported := {probe.id | some probe in input.probes}

missing(message) := {
	"rule": "gate/probe-missing",
	"at": place.run,
	"evidence": set(),
	"message": message,
}

because(probe) := probe.reason if {
	probe.reason != null
} else := "no reason given."

# The probes by what they have to say; a candidate that lets nobody in gives all of them the same reason.
inconclusive[why] contains probe.id if {
	some probe in input.probes
	probe.status == "inconclusive"
	why := inconclusive_because(probe)
}

probes_are(ids) := $"The probe {ids[0]} is" if {
	count(ids) == 1
} else := $"The probes {concat(", ", ids)} are"

# The experiments say more than the probe's own reason, where there are any.
inconclusive_because(probe) := concat("; ", [concat(": ", [gap.experiment, gap.reason]) | some gap in probe.untested]) if {
	count(probe.untested) > 0
} else := because(probe)
