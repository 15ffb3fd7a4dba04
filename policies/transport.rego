# METADATA
# title: Transport
# description: What else the candidate's channel lets through, and how it behaves as a process.
package mcp.transport

import data.mcp.config
import data.mcp.place

# METADATA
# scope: rule
# title: The deprecated HTTP+SSE transport is offered
# description: >-
#   Revision 2025-03-26 replaced HTTP+SSE by Streamable HTTP. The old routes are easily forgotten when checks are added
#   to the new one, and its session id travels in the query string.
# related_resources:
# - description: Backwards compatibility
#   ref: https://modelcontextprotocol.io/specification/2025-11-25/basic/transports#backwards-compatibility
# - description: HTTP+SSE transport
#   ref: https://modelcontextprotocol.io/specification/2026-07-28/basic/transports/streamable-http#http%2Bsse-transport-2024-11-05
# custom:
#   id: transport/deprecated-http-sse
#   severity: low
#   requirement: advice
#   remediation: Serve Streamable HTTP only; if old clients need the old routes, give them the same checks.
warn contains finding if {
	input.transport.http.deprecatedSse.offered == true
	finding := {
		"rule": "transport/deprecated-http-sse",
		"at": "/spec/transport/type",
		"evidence": {id | some id in input.transport.http.deprecatedSse.evidence},
		"message": $"GET{sse_path} opens an event stream of the HTTP+SSE transport of 2024-11-05.",
	}
}

# METADATA
# scope: rule
# title: Requests from other web sites are served
# description: >-
#   A browser names the page that sent a request in Origin. A server must refuse an Origin that it does not know with
#   403; else any page a user visits can call the server through that user's browser.
# related_resources:
# - description: Security warning
#   ref: https://modelcontextprotocol.io/specification/2025-11-25/basic/transports#security-warning
# - description: Security and endpoint
#   ref: https://modelcontextprotocol.io/specification/2026-07-28/basic/transports/streamable-http#security-%26-endpoint
# custom:
#   id: transport/origin-not-validated
#   severity: high
#   requirement: MUST
#   remediation: Answer 403 when Origin is present and is not one of the origins that the server expects, on every route.
deny contains finding if {
	served := served_to(origin_cases, false)
	count(served) > 0
	finding := exposed("transport/origin-not-validated", served, origin_message(served))
}

warn contains finding if {
	served := served_to(origin_cases, true)
	count(served) > 0
	finding := exposed("transport/origin-not-validated", served, origin_message(served))
}

# METADATA
# scope: rule
# title: Requests for another host name are served
# description: >-
#   A server that answers to any name can be reached under a name that an attacker points at it. Origin must be checked
#   in any case; checking Host as well stops DNS rebinding where a request carries no Origin.
# related_resources:
# - description: Security warning
#   ref: https://modelcontextprotocol.io/specification/2025-11-25/basic/transports#security-warning
# custom:
#   id: transport/host-not-validated
#   severity: medium
#   requirement: advice
#   remediation: Refuse requests whose Host is none of the names under which the server is deployed.
warn contains finding if {
	served := [attempt |
		some attempt in input.transport.http.foreignRequests
		attempt.case == "foreign-host"
		attempt.outcome == "accepted"
	]
	count(served) > 0
	finding := exposed("transport/host-not-validated", served, $"A request with a foreign Host was served at {faces(served)}.")
}

# METADATA
# scope: rule
# title: DNS rebinding reaches the server
# description: >-
#   A page can point its own name at the server's address. Its requests then carry that name both as Host and as
#   Origin, so a check that only compares the two lets them pass.
# related_resources:
# - description: Security warning
#   ref: https://modelcontextprotocol.io/specification/2025-11-25/basic/transports#security-warning
# - description: Security and endpoint
#   ref: https://modelcontextprotocol.io/specification/2026-07-28/basic/transports/streamable-http#security-%26-endpoint
# custom:
#   id: transport/dns-rebinding
#   severity: high
#   requirement: MUST
#   remediation: Compare Origin and Host with a list of expected names, not with each other.
deny contains finding if {
	served := served_to({"rebinding"}, false)
	count(served) > 0
	finding := exposed("transport/dns-rebinding", served, rebinding_message(served))
}

warn contains finding if {
	served := served_to({"rebinding"}, true)
	count(served) > 0
	finding := exposed("transport/dns-rebinding", served, rebinding_message(served))
}

# METADATA
# scope: rule
# title: A form on another web site can call the server
# description: >-
#   Browsers send some content types across sites without asking the server first. A server that reads JSON-RPC from
#   such a request can be called by any page, and the caller need not be able to read the answer.
# related_resources:
# - description: Sending messages to the server
#   ref: https://modelcontextprotocol.io/specification/2025-11-25/basic/transports#sending-messages-to-the-server
# - description: Security warning
#   ref: https://modelcontextprotocol.io/specification/2025-11-25/basic/transports#security-warning
# custom:
#   id: transport/cross-site-post
#   severity: high
#   requirement: advice
#   remediation: Answer 415 to every POST whose Content-Type is not application/json.
deny contains finding if {
	served := [post | some post in accepted_posts; unguarded(post)]
	count(served) > 0
	finding := exposed("transport/cross-site-post", served, post_message(served))
}

warn contains finding if {
	count([post | some post in accepted_posts; unguarded(post)]) == 0
	served := [post | some post in accepted_posts; not unguarded(post)]
	count(served) > 0
	finding := exposed("transport/cross-site-post", served, post_message(served))
}

# METADATA
# scope: rule
# title: CORS lets foreign pages read the answers
# description: >-
#   Access-Control-Allow-Origin that repeats the asking origin, names "null", or is "*" together with credentials hands
#   every page the answers that the user's browser gets.
# related_resources:
# - description: Security warning
#   ref: https://modelcontextprotocol.io/specification/2025-11-25/basic/transports#security-warning
# - description: CORS protocol and credentials
#   ref: https://fetch.spec.whatwg.org/#cors-protocol-and-credentials
# custom:
#   id: transport/permissive-cors
#   severity: high
#   requirement: advice
#   remediation: Send Access-Control-Allow-Origin for the origins that the server expects only, and never together with a reflected origin.
deny contains finding if {
	readable
	finding := cors_finding
}

warn contains finding if {
	not readable
	finding := cors_finding
}

# METADATA
# scope: rule
# title: The server listens on all interfaces
# description: >-
#   Run locally, a server should listen on loopback only. Listening everywhere offers it to the whole network the
#   machine happens to be in.
# related_resources:
# - description: Security warning
#   ref: https://modelcontextprotocol.io/specification/2025-11-25/basic/transports#security-warning
# custom:
#   id: transport/listens-on-all-interfaces
#   severity: medium
#   requirement: SHOULD
#   remediation: Bind to 127.0.0.1 unless told otherwise; let the deployment choose another address on purpose.
warn contains finding if {
	input.candidate.run == "command"
	open := [listener | some listener in input.transport.http.listeners; listener.allInterfaces]
	count(open) > 0
	finding := {
		"rule": "transport/listens-on-all-interfaces",
		"at": place.run,
		"evidence": set(),
		"message": $"It listens on {concat(", ", sort({$"{listener.address} port {listener.port}" | some listener in open}))}, not on loopback alone.",
	}
}

# METADATA
# scope: rule
# title: Something else than MCP is written to stdout
# description: >-
#   On stdio, stdout belongs to the protocol. A log line there breaks strict clients, and one that happens to look like
#   JSON-RPC is taken for an answer.
# related_resources:
# - description: stdio
#   ref: https://modelcontextprotocol.io/specification/2025-11-25/basic/transports#stdio
# custom:
#   id: transport/stdout-noise
#   severity: medium
#   requirement: MUST
#   remediation: Send logs to stderr; look for print statements, banners of a package runner, and loggers with a console default.
warn contains noise_finding if {
	input.transport.stdio.noise.lines > 0
	input.transport.stdio.noise.lines <= config.stdoutNoiseLimit
}

deny contains noise_finding if input.transport.stdio.noise.lines > config.stdoutNoiseLimit

# METADATA
# scope: rule
# title: The server does not end when told to
# description: >-
#   Closing stdin is how a client ends a stdio server, and SIGTERM is how a platform ends any. A server that ignores
#   them is killed, in the middle of whatever it was doing, or stays behind.
# related_resources:
# - description: Shutdown over stdio
#   ref: https://modelcontextprotocol.io/specification/2026-07-28/basic/transports/stdio#shutdown
# - description: Shutdown
#   ref: https://modelcontextprotocol.io/specification/2025-11-25/basic/lifecycle#shutdown
# custom:
#   id: transport/does-not-exit
#   severity: low
#   requirement: SHOULD
#   remediation: Exit when stdin ends and on SIGTERM, after closing what is open; look for timers and sockets that keep the process alive.
warn contains finding if {
	input.transport.stdio.exitOnEof.exited == false
	finding := {
		"rule": "transport/does-not-exit",
		"at": place.run,
		"evidence": {id | some id in input.transport.stdio.exitOnEof.evidence},
		"message": "It kept running after its stdin was closed.",
	}
}

warn contains finding if {
	input.transport.shutdown.sigtermHonoured == false
	finding := {
		"rule": "transport/does-not-exit",
		"at": place.run,
		"evidence": set(),
		"message": "It kept running after SIGTERM and had to be killed.",
	}
}

# METADATA
# scope: rule
# title: Processes are left behind
# description: >-
#   After the server was stopped something of it still ran, or still held its port. On a shared runner or a developer's
#   machine these pile up, and the next start may talk to the old server.
# related_resources:
# - description: Shutdown
#   ref: https://modelcontextprotocol.io/specification/2025-11-25/basic/lifecycle#shutdown
# custom:
#   id: transport/leaves-processes
#   severity: medium
#   requirement: advice
#   remediation: Pass signals on to child processes and wait for them; start the server itself rather than a launcher that detaches it.
warn contains finding if {
	left := input.transport.shutdown.leftovers
	count(left) > 0
	finding := leftover($"Still running after it was stopped: {concat(", ", sort({substring(process.command, 0, 60) | some process in left}))}.")
}

warn contains finding if {
	input.transport.shutdown.portFreed == false
	count(input.transport.shutdown.leftovers) == 0
	finding := leftover("Its port was still taken after it was stopped.")
}

# METADATA
# scope: rule
# title: The server dies of a request
# description: >-
#   The candidate ended during an experiment. One request that any client can send takes the service away from all of
#   them.
# related_resources:
# - description: Error handling
#   ref: https://modelcontextprotocol.io/specification/2025-11-25/basic/lifecycle#error-handling
# custom:
#   id: transport/crashes
#   severity: high
#   requirement: advice
#   remediation: Reproduce it with the exchange named as evidence; catch errors for each request, so that one cannot end the process.
deny contains finding if {
	count(input.transport.crashes) > 0
	finding := {
		"rule": "transport/crashes",
		"at": place.run,
		"evidence": ({id | some crash in input.transport.crashes; some id in crash.evidence} | {crash.afterExchange |
			some crash in input.transport.crashes
			crash.afterExchange != null
		}),
		"message": $"It died during {concat(", ", sort({crash.experiment | some crash in input.transport.crashes}))}.",
	}
}

noise_finding := {
	"rule": "transport/stdout-noise",
	"at": place.run,
	"evidence": {id | some id in input.transport.stdio.noise.evidence},
	"message": $"Lines on stdout that were no JSON-RPC message: {input.transport.stdio.noise.lines}.",
}

origin_cases := {"foreign-origin", "null-origin"}

# Foreign requests of these cases that were served, with a token or without.
served_to(cases, authenticated) := [attempt |
	some attempt in input.transport.http.foreignRequests
	attempt.case in cases
	attempt.outcome == "accepted"
	attempt.authenticated == authenticated
]

accepted_posts := [post | some post in input.transport.http.crossSitePosts; post.outcome == "accepted"]

# A page of another site can have this request sent, and nothing else stops it.
unguarded(post) if {
	post.authenticated == false
	post.origin != null
}

exposed(rule, attempts, message) := {
	"rule": rule,
	"at": place.transport,
	"evidence": {id | some attempt in attempts; some id in attempt.evidence},
	"message": message,
}

faces(attempts) := concat(", ", sort({substring(attempt.face, 0, 80) | some attempt in attempts}))

tokens(attempts) := " with a valid token" if {
	some attempt in attempts
	attempt.authenticated
} else := " without a token"

origin_message(served) := $"A request{tokens(served)} and with {concat(" or ", sort({origins[attempt.case] | some attempt in served}))} was served at {faces(served)}; 403 is required."

origins := {
	"foreign-origin": "a foreign Origin",
	"null-origin": "Origin: null",
}

rebinding_message(served) := $"A request{tokens(served)} whose Host and Origin are the same foreign name was served at {faces(served)}; 403 is required."

post_message(served) := $"A POST{tokens(served)} of {concat(", ", sort({post.contentType | some post in served}))} was served at {faces(served)}."

cors_finding := {
	"rule": "transport/permissive-cors",
	"at": place.transport,
	"evidence": {id | some answer in permissive; some id in answer.evidence},
	"message": $"Access-Control-Allow-Origin {concat(" and ", sort({reason(answer) | some answer in permissive}))} at {faces(permissive)}.",
} if {
	count(permissive) > 0
}

permissive := [answer | some answer in input.transport.http.cors; reason(answer)]

# A page gets something to read: the request itself is served, and without a token, which a page of another site has not.
readable if {
	input.transport.http.servesWithoutToken == true
	some answer in permissive
	not answer.face in refusing
}

refusing := {answer.face | some answer in input.transport.http.cors; answer.method != "OPTIONS"; answer.httpStatus == 403}

reason(answer) := "repeats a foreign origin" if {
	answer.reflectsOrigin
} else := "names \"null\"" if {
	answer.allowOrigin == "null"
} else := "is \"*\" with credentials" if {
	answer.allowOrigin == "*"
	answer.allowCredentials
}

sse_path := concat(" ", ["", substring(input.transport.http.deprecatedSse.path, 0, 80)]) if {
	input.transport.http.deprecatedSse.path != null
} else := ""

leftover(message) := {
	"rule": "transport/leaves-processes",
	"at": place.run,
	"evidence": set(),
	"message": message,
}
