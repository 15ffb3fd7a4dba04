package mcp.acme_test

import data.mcp.acme

test_a_server_without_an_owner_is_denied if {
	acme.deny == {{
		"rule": "acme/no-owner",
		"at": "/metadata/labels",
		"message": "careless has no owner.",
	}} with input as data.mcp.recorded.careless
}

owned_by(team) := object.union(data.mcp.fixtures.faultless, {"candidate": {"labels": {"owner": team}}})

test_an_unknown_owner_gets_a_warning if {
	acme.warn == {{
		"rule": "acme/unknown-owner",
		"at": "/metadata/labels/owner",
		"message": "serach is not one of payments, search.",
	}} with input as owned_by("serach")
}

test_a_known_owner_is_fine if {
	[acme.deny, acme.warn] == [set(), set()] with input as owned_by("search")
}
