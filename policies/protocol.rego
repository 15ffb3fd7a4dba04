# METADATA
# title: Version negotiation
# description: Which revisions of MCP the candidate speaks, and how honestly it negotiates them.
package mcp.protocol

import data.mcp.config
import data.mcp.place

# METADATA
# scope: rule
# title: The best revision on offer is below the minimum
# description: >-
#   A client that speaks every published revision ends up on one older than the minimum, and without what newer
#   revisions fixed: standard headers, batching, Origin answers, audience-bound tokens.
# related_resources:
# - description: Version negotiation
#   ref: https://modelcontextprotocol.io/specification/2025-11-25/basic/lifecycle#version-negotiation
# custom:
#   id: protocol/below-minimum
#   severity: high
#   requirement: advice
#   remediation: Update the MCP SDK the server is built on, or lower mcp.config.minimumProtocolVersion in policy data.
deny contains finding if {
	best := input.protocol.best
	best != null
	best < config.minimumProtocolVersion
	finding := {
		"rule": "protocol/below-minimum",
		"at": place.run,
		"evidence": spoken(best),
		"message": $"The newest revision it speaks is {best}; the minimum is {config.minimumProtocolVersion}.",
	}
}

deny contains finding if {
	input.protocol.best == null
	completed
	finding := {
		"rule": "protocol/below-minimum",
		"at": place.run,
		"evidence": {id | some attempt in input.protocol.initialize; some id in attempt.evidence},
		"message": $"No published revision could be agreed on; the minimum is {config.minimumProtocolVersion}.",
	}
}

# METADATA
# scope: rule
# title: The best revision on offer is below the preferred one
# description: The candidate meets the minimum, but a current client gets an older revision than the one preferred here.
# related_resources:
# - description: Version negotiation
#   ref: https://modelcontextprotocol.io/specification/2025-11-25/basic/lifecycle#version-negotiation
# custom:
#   id: protocol/below-preferred
#   severity: low
#   requirement: advice
#   remediation: Plan the update of the MCP SDK the server is built on, or lower mcp.config.preferredProtocolVersion in policy data.
warn contains finding if {
	best := input.protocol.best
	best >= config.minimumProtocolVersion
	best < config.preferredProtocolVersion
	finding := {
		"rule": "protocol/below-preferred",
		"at": place.run,
		"evidence": spoken(best),
		"message": $"The newest revision it speaks is {best}; {config.preferredProtocolVersion} is preferred.",
	}
}

# METADATA
# scope: rule
# title: A client can drag the server below the minimum
# description: >-
#   The candidate speaks a good revision, and still agrees to one below the minimum when a client asks for it. Most
#   official SDKs do. Whoever chooses the client's revision chooses the protections that come with it.
# related_resources:
# - description: Version negotiation
#   ref: https://modelcontextprotocol.io/specification/2025-11-25/basic/lifecycle#version-negotiation
# custom:
#   id: protocol/accepts-below-minimum
#   severity: medium
#   requirement: advice
#   remediation: Remove revisions below the minimum from the versions the server supports, so that it counter-offers a newer one.
warn contains finding if {
	oldest := input.protocol.oldestAccepted
	oldest != null
	oldest < config.minimumProtocolVersion
	input.protocol.best >= config.minimumProtocolVersion
	finding := {
		"rule": "protocol/accepts-below-minimum",
		"at": place.run,
		"evidence": spoken(oldest),
		"message": $"Asked for {oldest} it agrees, although it speaks {input.protocol.best}; the minimum is {config.minimumProtocolVersion}.",
	}
}

# METADATA
# scope: rule
# title: Versions that never existed are confirmed
# description: >-
#   A server must answer an unknown version with one that it supports. One that repeats whatever it is told has
#   negotiated nothing: the two sides only seem to agree.
# related_resources:
# - description: Version negotiation
#   ref: https://modelcontextprotocol.io/specification/2025-11-25/basic/lifecycle#version-negotiation
# custom:
#   id: protocol/echoes-unknown-version
#   severity: high
#   requirement: MUST
#   remediation: Answer initialize with the requested version only if it is in the list of supported ones, else with the latest of that list.
deny contains finding if {
	echoing
	finding := {
		"rule": "protocol/echoes-unknown-version",
		"at": place.run,
		"evidence": ({id | some attempt in echoes; some id in attempt.evidence} | {id |
			input.protocol.unknownAnswer.outcome == "echo"
			some id in input.protocol.unknownAnswer.evidence
		}),
		"message": $"Asked for {asked_to_echo} it confirmed a version that was never published.",
	}
}

# METADATA
# scope: rule
# title: The answer to initialize breaks the rules of negotiation
# description: >-
#   Asked for a version it supports, a server must answer with that version; else with another one that it supports.
#   Anything else leaves a client without a revision, or with one that does not exist.
# related_resources:
# - description: Version negotiation
#   ref: https://modelcontextprotocol.io/specification/2025-11-25/basic/lifecycle#version-negotiation
# - description: Error handling
#   ref: https://modelcontextprotocol.io/specification/2025-11-25/basic/lifecycle#error-handling
# custom:
#   id: protocol/invalid-negotiation
#   severity: high
#   requirement: MUST
#   remediation: Answer every initialize request, with the requested version if it is supported and with the latest supported one if not.
deny contains finding if {
	attempts := [attempt |
		some attempt in input.protocol.initialize
		attempt.outcome == "malformed"
		not repeats(attempt)
	]
	count(attempts) > 0
	finding := negotiation(attempts, $"Asked for {asked_for(attempts)} it answered with no valid InitializeResult.")
}

deny contains finding if {
	attempts := [attempt |
		some attempt in input.protocol.initialize
		attempt.outcome == "counter-offer"
		not attempt.known
	]
	count(attempts) > 0
	offered := {$"\"{substring(attempt.answered, 0, 40)}\"" | some attempt in attempts; attempt.answered != null}
	finding := negotiation(attempts, $"Asked for {asked_for(attempts)} it offered {concat(", ", sort(offered))}, which was never published.")
}

deny contains finding if {
	attempts := [attempt |
		some attempt in input.protocol.initialize
		attempt.case == "known"
		attempt.outcome == "counter-offer"
		attempt.requested in input.protocol.supported
	]
	count(attempts) > 0
	finding := negotiation(attempts, $"Asked for {asked_for(attempts)}, which it speaks, it answered with another version.")
}

warn contains finding if {
	"legacy" in input.protocol.eras
	attempts := [attempt | some attempt in input.protocol.initialize; unanswered(attempt)]
	count(attempts) > 0
	finding := negotiation(attempts, $"Asked for {asked_for(attempts)} it made no counter-offer: {outcomes(attempts)}.")
}

warn contains finding if {
	not echoing
	attempts := [attempt |
		some attempt in input.protocol.initialize
		attempt.case == "modern"
		attempt.outcome == "same"
		not attempt.requested in input.protocol.supported
	]
	count(attempts) > 0
	finding := negotiation(attempts, $"It agreed in initialize to {asked_for(attempts)}, a revision that has no initialize, and then does not speak it.")
}

# METADATA
# scope: rule
# title: The same question gets different answers
# description: >-
#   Clients cache what they negotiated. A server whose version, capabilities or tools change between equal requests
#   cannot be reviewed, because what was reviewed is not what runs.
# related_resources:
# - description: Version negotiation
#   ref: https://modelcontextprotocol.io/specification/2025-11-25/basic/lifecycle#version-negotiation
# custom:
#   id: protocol/unstable-negotiation
#   severity: medium
#   requirement: advice
#   remediation: Derive version, capabilities and tools from configuration alone; look for replicas that run different releases.
deny contains finding if {
	count(input.protocol.stability.repeated) > 0
	finding := {
		"rule": "protocol/unstable-negotiation",
		"at": place.run,
		"evidence": {id | some difference in input.protocol.stability.repeated; some id in difference.evidence},
		"message": $"Asked the same again, it changed its {differing(input.protocol.stability.repeated)}.",
	}
}

# METADATA
# scope: rule
# title: Invalid MCP-Protocol-Version headers are accepted
# description: >-
#   A server must answer a request whose MCP-Protocol-Version is invalid or unsupported with 400. One that ignores the
#   header may treat a message by the rules of another revision than the sender.
# related_resources:
# - description: Protocol version header
#   ref: https://modelcontextprotocol.io/specification/2025-11-25/basic/transports#protocol-version-header
# custom:
#   id: protocol/header-not-enforced
#   severity: low
#   requirement: MUST
#   remediation: Compare MCP-Protocol-Version with the supported versions before handling a request, and answer 400 when it is none of them.
warn contains finding if {
	served := [attempt |
		some attempt in input.protocol.versionHeader
		attempt.case == "invalid"
		attempt.outcome == "accepted"
	]
	count(served) > 0
	finding := {
		"rule": "protocol/header-not-enforced",
		"at": place.transport,
		"evidence": {id | some attempt in served; some id in attempt.evidence},
		"message": $"It served a request with MCP-Protocol-Version: {concat(", ", sort({substring(attempt.sent, 0, 40) | some attempt in served}))}; 400 is required.",
	}
}

# METADATA
# scope: rule
# title: server/discover and the server disagree
# description: >-
#   server/discover must exist and list the revisions that work. Clients choose from that list, so a revision that is
#   listed and refused, or works and is not listed, breaks some of them.
# related_resources:
# - description: server/discover
#   ref: https://modelcontextprotocol.io/specification/2026-07-28/server/discover
# - description: Protocol version negotiation
#   ref: https://modelcontextprotocol.io/specification/2026-07-28/basic/versioning#protocol-version-negotiation
# custom:
#   id: protocol/discover-inconsistent
#   severity: medium
#   requirement: MUST
#   remediation: Implement server/discover and build its supportedVersions from the same list that requests are checked against.
warn contains finding if {
	refused := [attempt |
		some attempt in input.protocol.inline
		attempt.case == "modern"
		attempt.outcome != "result"
		attempt.requested in input.protocol.discover.supportedVersions
	]
	count(refused) > 0
	finding := discovery(refused, $"server/discover lists {asked_for(refused)}, and requests in it are not served by its rules.")
}

warn contains finding if {
	served := served_inline
	count(served) > 0
	input.protocol.discover.outcome != "result"
	finding := discovery(served, $"Requests in {asked_for(served)} are served, but server/discover is not implemented.")
}

warn contains finding if {
	input.protocol.discover.outcome == "result"
	omitted := [attempt | some attempt in served_inline; not attempt.requested in input.protocol.discover.supportedVersions]
	count(omitted) > 0
	finding := discovery(omitted, $"Requests in {asked_for(omitted)} are served, but server/discover does not list it.")
}

# METADATA
# scope: rule
# title: Errors are not those of revision 2026-07-28
# description: >-
#   Without sessions, a client tells a modern server from a legacy one, and a wrong header from a wrong method, by the
#   status and the code of the error alone.
# related_resources:
# - description: Server validation
#   ref: https://modelcontextprotocol.io/specification/2026-07-28/basic/transports/streamable-http#server-validation
# - description: Error codes
#   ref: https://modelcontextprotocol.io/specification/2026-07-28/basic/index#error-codes
# custom:
#   id: protocol/modern-errors
#   severity: medium
#   requirement: MUST
#   remediation: Validate the standard headers against the body before dispatching a request, and answer with the status and code that the revision names.
warn contains finding if {
	wrong := [answer | some answer in input.protocol.modern; answer.conforms == false; answer.requirement == "MUST"]
	count(wrong) > 0
	finding := nonconforming(wrong)
}

notice contains finding if {
	wrong := [answer | some answer in input.protocol.modern; answer.conforms == false; answer.requirement == "SHOULD"]
	count(wrong) > 0
	finding := nonconforming(wrong)
}

# METADATA
# scope: rule
# title: A claim about the server is not true
# description: >-
#   The manifest, or a file that it names, claims a version or a capability that the running server does not have.
#   Whoever relies on the claim was told something about another server.
# related_resources:
# - description: Capability negotiation
#   ref: https://modelcontextprotocol.io/specification/2025-11-25/basic/lifecycle#capability-negotiation
# custom:
#   id: protocol/claim-drift
#   severity: high
#   requirement: advice
#   remediation: Correct the claim, or deploy the build that it describes.
deny contains finding if {
	some claim in input.protocol.claims
	claim.observed == false
	finding := {
		"rule": "protocol/claim-drift",
		"at": claim.pointer,
		"evidence": {id | some id in claim.evidence},
		"message": $"{claimant[claim.source]} claims {claimed[claim.kind]} {substring(claim.claimed, 0, 80)}, which the running server does not have.",
	}
}

# METADATA
# scope: rule
# title: The server shows different faces to different clients
# description: >-
#   Version, capabilities or tools depend on the name that a client gives itself. What one client approves is then not
#   what another one gets, and a scanner can be shown a harmless server.
# related_resources:
# - description: Initialization
#   ref: https://modelcontextprotocol.io/specification/2025-11-25/basic/lifecycle#initialization
# custom:
#   id: protocol/cloaking
#   severity: high
#   requirement: advice
#   remediation: Decide by the capabilities that a client declares, never by clientInfo.
deny contains finding if {
	count(by_name) > 0
	clients := {name | some difference in by_name; some name in difference.between}
	finding := {
		"rule": "protocol/cloaking",
		"at": place.run,
		"evidence": {id | some difference in by_name; some id in difference.evidence},
		"message": $"Told another client name, it changed its {differing(by_name)} ({concat(", ", sort(clients))}).",
	}
}

completed if {
	some probe in input.probes
	probe.id == "protocol"
	probe.status == "completed"
}

# Ids of the exchanges in which the candidate agreed to a revision.
spoken(revision) := {id |
	some attempt in input.protocol.initialize
	attempt.answered == revision
	some id in attempt.evidence
} | {id |
	some attempt in input.protocol.inline
	attempt.outcome == "result"
	attempt.requested == revision
	some id in attempt.evidence
}

echoes := [attempt |
	some attempt in input.protocol.initialize
	attempt.case in {"unknown", "empty"}
	attempt.outcome == "same"
]

echoing if count(echoes) > 0

echoing if input.protocol.unknownAnswer.outcome == "echo"

asked_to_echo := asked_for(echoes) if count(echoes) > 0

else := "an unknown version"

# A server that repeats whatever it is told repeats what is no version too; that is one fault, not two.
repeats(attempt) if {
	echoing
	attempt.case in {"empty", "number", "absent"}
}

# What changes without another name is unstable, and says nothing about names.
by_name := [difference |
	some difference in input.protocol.stability.byClient
	not difference.what in {other.what | some other in input.protocol.stability.repeated}
]

# Not even a refusal that tells the client what to try next.
unanswered(attempt) if attempt.outcome in {"silence", "exit"}

unanswered(attempt) if {
	wants_counter_offer(attempt)
	attempt.outcome == "http-error"
}

unanswered(attempt) if {
	wants_counter_offer(attempt)
	attempt.outcome == "error"
	attempt.errorCode != -32602
	count(attempt.supported) == 0
}

# A well-formed version that it does not speak. What is no version at all may be refused in any way.
wants_counter_offer(attempt) if {
	attempt.case in {"known", "unknown", "modern"}
	not attempt.requested in input.protocol.supported
}

served_inline := [attempt |
	some attempt in input.protocol.inline
	attempt.case == "modern"
	attempt.outcome == "result"
]

negotiation(attempts, message) := {
	"rule": "protocol/invalid-negotiation",
	"at": place.run,
	"evidence": {id | some attempt in attempts; some id in attempt.evidence},
	"message": message,
}

discovery(attempts, message) := {
	"rule": "protocol/discover-inconsistent",
	"at": place.run,
	"evidence": ({id | some attempt in attempts; some id in attempt.evidence} | {id | some id in input.protocol.discover.evidence}),
	"message": message,
}

nonconforming(answers) := {
	"rule": "protocol/modern-errors",
	"at": place.transport,
	"evidence": {id | some answer in answers; some id in answer.evidence},
	"message": concat("; ", [$"{answer.case} asks for {answer.expected}, got {got(answer)}" | some answer in answers]),
}

got(answer) := concat(" and ", array.concat(
	[concat(" ", ["HTTP", format_int(status, 10)]) | status := answer.httpStatus; status != null],
	[format_int(code, 10) | code := answer.errorCode; code != null],
)) if {
	not silent(answer)
} else := "no error at all"

silent(answer) if {
	answer.httpStatus == null
	answer.errorCode == null
}

asked_for(attempts) := concat(", ", sort({asked(attempt) | some attempt in attempts}))

asked(attempt) := "an empty version" if {
	attempt.requested == ""
} else := attempt.requested if {
	is_string(attempt.requested)
} else := "no version" if {
	attempt.requested == null
} else := "a number"

outcomes(attempts) := concat(", ", sort({attempt.outcome | some attempt in attempts}))

differing(differences) := concat(", ", sort({names[difference.what] | some difference in differences}))

names := {
	"protocolVersion": "protocol version",
	"capabilities": "capabilities",
	"tools": "tools",
	"serverInfo": "name or version",
}

claimant := {
	"manifest": "The manifest",
	"server.json": "server.json",
	"lock": "The lock file",
}

claimed := {
	"protocolVersion": "revision",
	"capability": "the capability",
}
