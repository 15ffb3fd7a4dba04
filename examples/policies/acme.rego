# METADATA
# title: What Acme asks of its servers
package mcp.acme

# METADATA
# scope: rule
# title: Nobody answers for this server
# description: Somebody must be called when it misbehaves at night.
# related_resources:
# - ref: https://wiki.example.com/owners
# custom:
#   id: acme/no-owner
#   severity: medium
#   requirement: Acme operations handbook 4.1
#   remediation: Name your team in metadata.labels.owner.
deny contains finding if {
	not input.candidate.labels.owner
	finding := {
		"rule": "acme/no-owner",
		"at": "/metadata/labels",
		"message": $"{input.candidate.name} has no owner.",
	}
}

# METADATA
# scope: rule
# title: The owner is not a team of ours
# description: A label with a typo in it reaches nobody.
# custom:
#   id: acme/unknown-owner
#   severity: low
#   remediation: Use a name from data.acme.teams, or add your team there.
warn contains finding if {
	owner := input.candidate.labels.owner
	not owner in data.acme.teams
	finding := {
		"rule": "acme/unknown-owner",
		"at": "/metadata/labels/owner",
		"message": $"{owner} is not one of {concat(", ", data.acme.teams)}.",
	}
}
