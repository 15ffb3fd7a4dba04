package mcp.elicitation_test

import data.mcp.elicitation
import data.mcp.elicitation_fixtures as fixtures
import data.mcp.fixtures as candidate

silent := [set(), set(), set()]

levels := [elicitation.deny, elicitation.warn, elicitation.notice]

allowing := [fixtures.entry({})]

placed(slug, at, evidence, message) := {
	"rule": concat("/", ["elicitation", slug]),
	"at": at,
	"evidence": evidence,
	"message": message,
}

# Of the trigger that sends users somewhere, and of the one that shows a form.
of_url(slug, message) := placed(slug, "/spec/exercise/0", {"x200", "e1"}, message)

of_form(slug, message) := placed(slug, "/spec/exercise/1", {"x201", "e2"}, message)

slugs(findings) := {finding.rule | some finding in findings}

messages(findings) := {finding.message | some finding in findings}

test_faultless_elicitations_get_no_finding if {
	levels == silent with input as fixtures.but({}) with data.mcp.allowedElicitationOrigins as allowing
}

test_without_facts_there_is_no_finding if {
	levels == silent with input as object.union(candidate.faultless, {"elicitation": null})
}

test_a_server_that_never_asks_and_shows_no_sign_of_it_gets_no_finding if {
	facts := fixtures.declaring([], {
		"exercised": false,
		"couldElicit": [],
		"calls": [],
		"requests": [],
		"answers": [],
		"comparisons": [],
	})
	levels == silent with input as facts
}

# Where users may be sent.

test_url_not_allowed_denies_whatever_is_not_listed if {
	facts := fixtures.declaring([], {"requests": [
		fixtures.request({}),
		fixtures.request({"id": "e3", "url": {"text": "https://connect.larkspur.example/a"}, "evidence": ["x210"]}),
		fixtures.request({"id": "e4", "at": "/spec/exercise/2", "tool": "sync_ledger", "evidence": ["x211"]}),
	]})
	text := "would send users to https://connect.larkspur.example, which is not on the allow list. The URL: https://connect.larkspur.example"
	levels == [
		{
			placed("url-not-allowed", "/spec/exercise/0", {"x200", "x210", "e1", "e3"}, $"connect_account {text}/a"),
			placed("url-not-allowed", "/spec/exercise/2", {"x211", "e4"}, $"sync_ledger {text}/start?state=5f0c"),
		},
		set(),
		set(),
	] with input as facts
}

test_url_not_allowed_denies_a_url_without_an_origin if {
	messages(elicitation.deny) == {"connect_account would send users to no valid URL, which is not on the allow list. The URL: https:/\\"} with input as fixtures.requests([fixtures.url_with({
		"text": "https:/\\",
		"valid": false,
		"scheme": null,
		"origin": null,
		"near": [],
	})])
		with data.mcp.allowedElicitationOrigins as allowing
}

test_url_not_allowed_denies_and_shortens_what_is_long if {
	long := concat("", [letter | some _ in numbers.range(1, 200); letter := "a"])
	facts := fixtures.declaring([], {"requests": [fixtures.request({"tool": long, "url": {"text": long}})]})
	messages(elicitation.deny) == {concat("", [
		substring(long, 0, 80),
		"… would send users to https://connect.larkspur.example, which is not on the allow list. The URL: ",
		substring(long, 0, 160),
		"…",
	])} with input as facts
}

test_url_not_allowed_denies_what_is_asked_before_any_call if {
	messages(elicitation.deny) == {"the server, before any call, would send users to https://meadow.example, which is not on the allow list. The URL: https://meadow.example/start"} with input as fixtures.requests([object.union(request, {"tool": "", "at": "/spec"}) |
		some request in fixtures.to("https://meadow.example")
	])
		with data.mcp.allowedElicitationOrigins as allowing
}

# Each of these differs from the entry in one thing.
test_url_not_allowed_denies_what_is_nearly_listed[origin] if {
	some origin in [
		"https://connect.larkspur.example:8443",
		"https://larkspur.example",
		"https://a.connect.larkspur.example",
		"https://connect.larkspur.example.meadow.example",
		"https://connect.larkspur.exampl",
		"wss://connect.larkspur.example",
	]
	slugs(elicitation.deny) == {"elicitation/url-not-allowed"} with input as fixtures.requests(fixtures.to(origin))
		with data.mcp.allowedElicitationOrigins as allowing
}

test_url_not_allowed_denies_for_servers_that_are_not_named if {
	messages(elicitation.deny) == {"connect_account would send users to https://meadow.example, which is not on the allow list. The entry https://meadow.example is for other servers: ledger, payroll. The URL: https://meadow.example/start"} with input as fixtures.requests(fixtures.to("https://meadow.example"))
		with data.mcp.allowedElicitationOrigins as array.concat(allowing, [fixtures.entry({"origin": "https://meadow.example", "servers": ["payroll", "ledger"]})])
}

test_url_not_allowed_denies_after_the_entry_has_expired[expires] if {
	some expires in ["2026-11-22", "2026-11-22T23:59:59Z", "2026-11-23T00:00:00Z"]
	messages(elicitation.deny) == {$"connect_account would send users to https://meadow.example, which is not on the allow list. The entry https://meadow.example expired ({expires}). The URL: https://meadow.example/start"} with input as fixtures.requests(fixtures.to("https://meadow.example"))
		with data.mcp.allowedElicitationOrigins as array.concat(allowing, [fixtures.entry({"origin": "https://meadow.example", "expires": expires})])
}

test_url_not_allowed_denies_by_a_clock_that_is_not_utc if {
	facts := object.union(fixtures.declaring([], {}), {"gate": {"startedAt": "2026-11-23T00:00:00+01:00"}})
	slugs(elicitation.deny) == {"elicitation/url-not-allowed"} with input as facts
		with data.mcp.allowedElicitationOrigins as [fixtures.entry({}), fixtures.entry({"expires": "2027-01-31T00:00:00Z"})]
}

test_url_not_allowed_is_silent_as_long_as_the_entry_lasts[expires] if {
	some expires in ["2026-11-23", "2026-11-23T00:00:01Z", "2027-01-01"]
	levels == silent with input as fixtures.but({}) with data.mcp.allowedElicitationOrigins as [fixtures.entry({"expires": expires})]
}

test_url_not_allowed_is_silent_for_servers_that_are_named if {
	levels == silent with input as fixtures.but({}) with data.mcp.allowedElicitationOrigins as [fixtures.entry({"servers": ["ledger", "billing"]})]
}

test_url_not_allowed_is_silent_about_one_whole_label_of_a_wildcard if {
	levels == silent with input as fixtures.but({})
		with data.mcp.allowedElicitationOrigins as [fixtures.entry({"origin": "https://*.larkspur.example"})]
		with data.mcp.config as fixtures.config({"elicitationWildcards": true})
}

test_url_not_allowed_denies_what_a_wildcard_does_not_cover[origin] if {
	some origin in [
		"https://larkspur.example",
		"https://.larkspur.example",
		"https://a.b.larkspur.example",
		"https://alarkspur.example",
		"https://a.larkspur.example:8443",
		"http://a.larkspur.example",
		"https://a.larkspur.example.meadow.example",
		"https://localhost",
	]
	slugs(elicitation.deny) == {"elicitation/url-not-allowed"} with input as fixtures.declaring([], {"requests": fixtures.to(origin)})
		with data.mcp.allowedElicitationOrigins as [fixtures.entry({"origin": "https://*.larkspur.example"})]
		with data.mcp.config as fixtures.config({"elicitationWildcards": true})
}

test_url_not_allowed_denies_by_wildcards_where_data_does_not_have_them if {
	slugs(elicitation.deny) == {"elicitation/url-not-allowed"} with input as fixtures.declaring([], {})
		with data.mcp.allowedElicitationOrigins as [fixtures.entry({"origin": "https://*.larkspur.example"})]
}

loopback := fixtures.url_with({
	"text": "http://127.0.0.1:8931/start",
	"scheme": "http",
	"origin": "http://127.0.0.1:8931",
	"address": "ipv4",
	"range": "loopback",
	"near": [],
})

at_home := fixtures.config({"elicitationLoopback": true})

test_url_not_allowed_is_silent_about_this_machine_where_data_allows_it if {
	levels == silent with input as fixtures.declaring(["http://127.0.0.1:8931", "http://[::1]"], {"requests": [loopback]})
		with data.mcp.config as at_home
}

# A server of the allow list's own.

test_needs_review_denies_a_declared_origin_with_the_entry_to_add if {
	facts := fixtures.declaring(["https://connect.larkspur.example", "HTTPS://Meadow.example:443"], {})
	levels == [
		{placed(
			"needs-review",
			"/spec/declares/elicitationOrigins/1",
			set(),
			"https://meadow.example is declared, and not on the allow list. After review add: `- { origin: \"https://meadow.example\", servers: [\"billing\"], reviewedBy: \"who\", reason: \"what for\", expires: \"YYYY-MM-DD\" }`. It was not seen in use.",
		)},
		set(),
		set(),
	] with input as facts with data.mcp.allowedElicitationOrigins as allowing
}

test_needs_review_denies_and_tells_who_sends_users_there if {
	levels == [
		{placed(
			"needs-review",
			"/spec/declares/elicitationOrigins/0",
			{"x200", "e1"},
			"https://connect.larkspur.example is declared, and not on the allow list. The entry https://connect.larkspur.example expired (2026-01-31). After review add: `- { origin: \"https://connect.larkspur.example\", servers: [\"billing\"], reviewedBy: \"who\", reason: \"what for\", expires: \"YYYY-MM-DD\" }`. connect_account sent users there.",
		)},
		set(),
		set(),
	] with input as fixtures.but({}) with data.mcp.allowedElicitationOrigins as [fixtures.entry({"expires": "2026-01-31"})]
}

test_needs_review_denies_what_no_entry_can_allow if {
	facts := fixtures.declaring(["http://127.0.0.1:80"], {"requests": []})
	messages(elicitation.deny) & {"http://127.0.0.1 is declared, and not on the allow list. Only https can be allowed; http on this machine is for elicitationLoopback to allow. It was not seen in use."} != set() with input as facts
}

test_needs_review_denies_without_any_facts if {
	facts := object.union(fixtures.but({}), {"elicitation": null})
	slugs(elicitation.deny) == {"elicitation/needs-review"} with input as facts
}

test_needs_review_is_silent_about_what_is_listed_or_not_declared if {
	facts := fixtures.declaring([], {"requests": [], "couldElicit": ["manifest-expects"]})
	levels == silent with input as facts with data.mcp.allowedElicitationOrigins as allowing
}

# What a URL looks like.

test_insecure_url_denies_every_scheme_but_https[scheme] if {
	some scheme in ["http", "javascript", "larkspur"]
	facts := fixtures.requests([fixtures.url_with({"text": "the text", "scheme": scheme, "origin": null})])
	elicitation.deny == {
		of_url("insecure-url", $"connect_account would send users to a URL with the scheme {scheme} instead of https: the text"),
		of_url("url-not-allowed", $"connect_account would send users to {scheme}:, which is not on the allow list. The URL: the text"),
	} with input as facts with data.mcp.allowedElicitationOrigins as allowing
}

test_insecure_url_denies_this_machine_where_data_does_not_allow_it if {
	slugs(elicitation.deny) == {"elicitation/insecure-url", "elicitation/url-not-allowed", "elicitation/suspicious-url"} with input as fixtures.declaring([], {"requests": [loopback]})
}

test_insecure_url_is_silent_about_https if {
	not "elicitation/insecure-url" in slugs(elicitation.deny) with input as fixtures.but({})
}

# However well reviewed the origin is.
test_suspicious_url_denies_odd_spellings_of_allowed_origins[reason] if {
	some changes, reason in {
		{"parsersDisagree": ["backslash", "userinfo"]}: "programs disagree about the host (backslash, userinfo)",
		{"userInfo": true}: "a user name stands before the host",
		{"address": "ipv4-decimal"}: "the address is written so that it is not seen as one",
		{"hidden": true}: "there are invisible characters",
		{"complete": false}: "there is more than can be looked at",
	}
	levels == [
		{of_url("suspicious-url", $"In a URL of connect_account {reason}. The URL: https://connect.larkspur.example/start?state=5f0c")},
		set(),
		set(),
	] with input as fixtures.requests([fixtures.url_with(changes)]) with data.mcp.allowedElicitationOrigins as allowing
}

odd_hosts := {
	{"address": "ipv4"}: "the host is an address",
	{"range": "metadata"}: "the host is not on the public network (metadata)",
	{"range": "reserved", "address": "ipv6"}: "the host is an address; the host is not on the public network (reserved)",
	{"punycode": true}: "the host is in punycode",
	{"mixedScripts": true}: "the host mixes scripts",
	{"confusable": true}: "the host has letters that look like others",
	{"near": [{"origin": "https://connect.larkspur.example", "relation": "misspelt", "distance": 1}]}: "the host can be taken for https://connect.larkspur.example (misspelt)",
}

test_suspicious_url_denies_hosts_that_look_like_others[reason] if {
	some changes, reason in odd_hosts
	$"In a URL of connect_account {reason}. The URL: https://connect.larkspur.example/start?state=5f0c" in messages(elicitation.deny) with input as fixtures.declaring([], {"requests": [fixtures.url_with(changes)]})
}

test_suspicious_url_is_silent_about_hosts_that_were_reviewed[reason] if {
	some changes, reason in odd_hosts
	levels == silent with input as fixtures.requests([fixtures.url_with(changes)]) with data.mcp.allowedElicitationOrigins as allowing
}

test_suspicious_url_is_silent_about_hosts_that_no_network_has[changes] if {
	some changes in [{"range": "reserved"}, {"scheme": "larkspur", "range": "private", "origin": null}]
	not "elicitation/suspicious-url" in slugs(elicitation.deny) with input as fixtures.declaring([], {"requests": [fixtures.url_with(changes)]})
}

test_suspicious_url_is_silent_about_neighbours_of_the_same_owner[relation] if {
	some relation in ["same-host-other-scheme-or-port", "subdomain", "parent", "same-site"]
	near := [{"origin": "https://connect.larkspur.example", "relation": relation, "distance": 1}]
	slugs(elicitation.deny) == {"elicitation/url-not-allowed"} with input as fixtures.declaring([], {"requests": [fixtures.url_with({"near": near})]})
}

test_credential_in_url_denies_and_names_the_part if {
	facts := fixtures.requests([fixtures.url_with({"credentials": [
		{"where": "fragment", "name": "access_token", "kind": "jwt"},
		{"where": "path", "name": null, "kind": "token-like"},
	]})])
	levels == [
		{of_url("credential-in-url", "A URL of connect_account carries what looks like a credential: a JWT (fragment, access_token), a token (path).")},
		set(),
		set(),
	] with input as facts with data.mcp.allowedElicitationOrigins as allowing
}

test_credential_in_url_is_silent_about_state if {
	not "elicitation/credential-in-url" in slugs(elicitation.deny) with input as fixtures.but({})
}

test_personal_data_in_url_denies_and_names_the_part if {
	facts := fixtures.requests([fixtures.url_with({"personalData": [{"where": "query", "name": "login_hint", "kind": "email"}]})])
	levels == [
		{of_url("personal-data-in-url", "A URL of connect_account carries personal data: an e-mail address (query, login_hint).")},
		set(),
		set(),
	] with input as facts with data.mcp.allowedElicitationOrigins as allowing
}

test_personal_data_in_url_warns_of_what_is_called_a_name if {
	facts := fixtures.requests([fixtures.url_with({"personalData": [{"where": "query", "name": "name", "kind": "name-key"}]})])
	levels == [
		set(),
		{of_url("personal-data-in-url", "A URL of connect_account may carry personal data: what is called a name (query, name).")},
		set(),
	] with input as facts with data.mcp.allowedElicitationOrigins as allowing
}

test_personal_data_in_url_is_silent_without_any if {
	not "elicitation/personal-data-in-url" in slugs(elicitation.deny) with input as fixtures.but({})
}

nested(changes) := fixtures.requests([fixtures.url_with({"nestedUrls": [object.union(
	{
		"name": "next",
		"where": "query",
		"origin": "https://meadow.example",
		"sameSite": false,
		"oauthRedirect": false,
		"identifier": false,
	},
	changes,
)]})])

test_redirect_in_url_denies_other_sites if {
	levels == [
		{of_url("redirect-in-url", "A URL of connect_account leads on to another site: query, next: https://meadow.example.")},
		set(),
		set(),
	] with input as nested({}) with data.mcp.allowedElicitationOrigins as allowing
}

test_redirect_in_url_denies_what_has_no_origin if {
	messages(elicitation.deny) == {"A URL of connect_account leads on to another site: query, next: no valid URL."} with input as nested({"origin": null})
		with data.mcp.allowedElicitationOrigins as allowing
}

test_redirect_in_url_is_silent_about_the_same_site_oauth_and_listed_origins[changes] if {
	some changes in [{"sameSite": true}, {"oauthRedirect": true}, {"identifier": true}, {"origin": "https://connect.larkspur.example"}]
	levels == silent with input as nested(changes) with data.mcp.allowedElicitationOrigins as allowing
}

# What a request says.

test_expected_origin_mismatch_denies_a_server_that_says_another_origin if {
	facts := fixtures.requests([fixtures.request({"expectedOrigin": {"value": "https://larkspur.example", "agrees": false}})])
	levels == [
		{of_url("expected-origin-mismatch", "connect_account names the expected origin https://larkspur.example, and would send users to https://connect.larkspur.example.")},
		set(),
		set(),
	] with input as facts with data.mcp.allowedElicitationOrigins as allowing
}

# It allows nothing either.
test_expected_origin_mismatch_is_silent_where_they_agree if {
	facts := fixtures.declaring([], {"requests": [fixtures.request({"expectedOrigin": {"value": "https://connect.larkspur.example", "agrees": true}})]})
	slugs(elicitation.deny) == {"elicitation/url-not-allowed"} with input as facts
}

test_nonstandard_shape_warns_of_deviations if {
	facts := fixtures.requests([fixtures.request({"shape": "advisory", "deviations": ["uri-instead-of-url", "uri-validation"]})])
	levels == [
		set(),
		{of_url("nonstandard-shape", "Elicitations of connect_account are not as their revision has them: a shape of no revision, uri-instead-of-url, uri-validation.")},
		set(),
	] with input as facts with data.mcp.allowedElicitationOrigins as allowing
}

test_nonstandard_shape_is_silent_about_every_revision[shape] if {
	some shape in ["2025-06-18", "2025-11-25", "2026-07-28"]
	levels == silent with input as fixtures.requests([fixtures.request({"shape": shape})]) with data.mcp.allowedElicitationOrigins as allowing
}

test_mode_not_declared_denies_and_names_the_declarations if {
	facts := fixtures.requests([
		fixtures.request({"declared": "empty", "modeDeclared": false}),
		fixtures.request({"declared": "none", "modeDeclared": false, "evidence": ["x210"]}),
	])
	levels == [
		{placed("mode-not-declared", "/spec/exercise/0", {"x200", "x210", "e1"}, "connect_account asked for a URL of a client that declared elicitation without a mode, which means forms; for a URL of a client that declared no elicitation.")},
		set(),
		set(),
	] with input as facts with data.mcp.allowedElicitationOrigins as allowing
}

test_mode_not_declared_is_silent_about_declared_modes if {
	not "elicitation/mode-not-declared" in slugs(elicitation.deny) with input as fixtures.but({})
}

secret(changes) := object.union(
	{
		"where": "title",
		"field": "value",
		"kind": "password",
		"language": "de",
		"wording": "Passwort",
	},
	changes,
)

form(changes) := fixtures.but({"requests": [fixtures.request({}), fixtures.form_with(changes)]})

test_secret_in_form_denies_with_place_and_wording if {
	facts := form({"secrets": [secret({}), secret({"where": "message", "field": null, "kind": "api-key", "language": "en", "wording": "API key"})]})
	levels == [
		{of_form("secret-in-form", "A form of choose_plan asks for what must not pass through the client: api-key (message, en: API key), password (title of value, de: Passwort).")},
		set(),
		set(),
	] with input as facts with data.mcp.allowedElicitationOrigins as allowing
}

test_secret_in_form_denies_a_default_that_is_one if {
	facts := form({"sensitiveDefaults": [{"field": "note", "kind": "token"}]})
	messages(elicitation.deny) == {"A form of choose_plan asks for what must not pass through the client: a default that is sensitive (token, note)."} with input as facts
		with data.mcp.allowedElicitationOrigins as allowing
}

test_secret_in_form_warns_of_numbers_that_only_name_somebody if {
	facts := form({"secrets": [secret({"kind": "national-id", "wording": "Personalausweisnummer"})]})
	levels == [
		set(),
		{of_form("secret-in-form", "A form of choose_plan asks for a number that identifies a person: national-id (title of value, de: Personalausweisnummer).")},
		set(),
	] with input as facts with data.mcp.allowedElicitationOrigins as allowing
}

test_secret_in_form_warns_of_a_default_that_names_somebody if {
	facts := form({"sensitiveDefaults": [{"field": "note", "kind": "national-id"}]})
	messages(elicitation.warn) == {"A form of choose_plan asks for a number that identifies a person: a default that is sensitive (national-id, note)."} with input as facts
		with data.mcp.allowedElicitationOrigins as allowing
}

test_secret_in_form_is_silent_about_contact_data if {
	facts := form({"sensitiveDefaults": [{"field": "address", "kind": "email"}]})
	levels == silent with input as facts with data.mcp.allowedElicitationOrigins as allowing
}

test_link_in_form_warns_with_place if {
	facts := form({"links": [{"where": "description", "field": "plan", "text": "https://larkspur.example/plans"}]})
	levels == [
		set(),
		{of_form("link-in-form", "A form of choose_plan holds links (description of plan: https://larkspur.example/plans).")},
		set(),
	] with input as facts with data.mcp.allowedElicitationOrigins as allowing
}

test_link_in_form_is_silent_without_links if {
	not "elicitation/link-in-form" in slugs(elicitation.warn) with input as fixtures.but({})
}

nested_field := {"kind": "nested", "field": "owner", "detail": "object"}

unknown_format := {"kind": "unsupported-format", "field": "plan", "detail": "color"}

test_illegal_form_schema_denies_what_cannot_be_shown if {
	levels == [
		{of_form("illegal-form-schema", "The schema of a form of choose_plan leaves what forms may be: nested of owner (object).")},
		set(),
		set(),
	] with input as form({"schemaProblems": [nested_field, unknown_format]}) with data.mcp.allowedElicitationOrigins as allowing
}

test_illegal_form_schema_denies_what_was_not_looked_at if {
	messages(elicitation.deny) == {"The schema of a form of choose_plan leaves what forms may be: 3 more fields than are looked at."} with input as form({"omittedFields": 3})
		with data.mcp.allowedElicitationOrigins as allowing
}

test_illegal_form_schema_warns_of_what_is_ignored if {
	levels == [
		set(),
		{of_form("illegal-form-schema", "The schema of a form of choose_plan has what clients will ignore: unsupported-format of plan (color).")},
		set(),
	] with input as form({"schemaProblems": [unknown_format]}) with data.mcp.allowedElicitationOrigins as allowing
}

test_illegal_form_schema_is_silent_about_flat_objects if {
	not "elicitation/illegal-form-schema" in slugs(elicitation.deny | elicitation.warn) with input as fixtures.but({})
}

test_hidden_text_denies_in_messages_and_forms if {
	facts := fixtures.but({"requests": [
		fixtures.request({"message": {"hiddenCharacters": true}}),
		fixtures.form_with({"hidden": [{"where": "title", "field": "plan", "kind": "invisible"}]}),
	]})
	levels == [
		{
			of_url("hidden-text", "An elicitation of connect_account hides characters in message."),
			of_form("hidden-text", "An elicitation of choose_plan hides characters in title of plan."),
		},
		set(),
		set(),
	] with input as facts with data.mcp.allowedElicitationOrigins as allowing
}

test_hidden_text_is_silent_about_plain_text if {
	not "elicitation/hidden-text" in slugs(elicitation.deny) with input as fixtures.but({})
}

# What a server makes of an answer.

answered(changes) := fixtures.but({"answers": [fixtures.answer(changes)]})

of_answer(slug, message) := placed(slug, "/spec/exercise/1", {"x203"}, message)

test_ignores_refusal_denies_going_on if {
	facts := fixtures.but({"answers": [
		fixtures.answer({"reaction": "went-on"}),
		fixtures.answer({"answer": "cancel", "reaction": "went-on"}),
	]})
	levels == [
		{of_answer("ignores-refusal", "choose_plan went on after the user had cancelled and declined.")},
		set(),
		set(),
	] with input as facts with data.mcp.allowedElicitationOrigins as allowing
}

test_ignores_refusal_warns_of_what_nobody_can_tell if {
	facts := answered({"reaction": "went-on", "distinguishable": false})
	messages(elicitation.warn) == {"choose_plan went on after the user had declined. It ends like this whatever the answer is, so nobody can tell."} with input as facts
		with data.mcp.allowedElicitationOrigins as allowing
}

test_ignores_refusal_is_silent_when_it_stops_or_is_told_yes[changes] if {
	some changes in [
		{"reaction": "stopped"},
		{"reaction": "rejected"},
		{"reaction": "asked-again"},
		{"reaction": "inconclusive"},
		{"answer": "accept", "reaction": "went-on"},
	]
	levels == silent with input as answered(changes) with data.mcp.allowedElicitationOrigins as allowing
}

test_unvalidated_answer_warns_of_going_on if {
	levels == [
		set(),
		{of_answer("unvalidated-answer", "choose_plan went on with an answer that breaks the schema it had asked for.")},
		set(),
	] with input as answered({"answer": "accept-invalid", "reaction": "went-on"}) with data.mcp.allowedElicitationOrigins as allowing
}

test_unvalidated_answer_is_silent_about_refusals[reaction] if {
	some reaction in ["stopped", "rejected", "asked-again"]
	levels == silent with input as answered({"answer": "accept-invalid", "reaction": reaction}) with data.mcp.allowedElicitationOrigins as allowing
}

test_asks_without_end_denies_with_rounds if {
	facts := answered({"reaction": "asked-again", "rounds": 8, "endless": true})
	levels == [
		{of_answer("asks-without-end", "choose_plan still asked after 8 rounds, each answered with no.")},
		set(),
		set(),
	] with input as facts with data.mcp.allowedElicitationOrigins as allowing
}

test_asks_without_end_denies_what_was_dropped if {
	levels == [
		{placed("asks-without-end", "/spec/exercise", set(), "More elicitations came than the gate looks at: 12 were dropped, and nothing is known of them.")},
		set(),
		set(),
	] with input as fixtures.but({"omitted": 12}) with data.mcp.allowedElicitationOrigins as allowing
}

test_asks_without_end_is_silent_about_asking_twice if {
	levels == silent with input as answered({"reaction": "asked-again", "rounds": 2}) with data.mcp.allowedElicitationOrigins as allowing
}

# Whose an elicitation is.

compared(list) := fixtures.but({"comparisons": list})

again := fixtures.comparison({"between": "calls", "principals": ["alice", "alice"], "sharedState": ["state"], "evidence": ["x212"]})

of_comparison(evidence, message) := placed("not-bound-to-user", "/spec/exercise/0", evidence, message)

test_not_bound_to_user_denies_shared_state if {
	levels == [
		{of_comparison({"x204"}, "connect_account gave alice, bob the same state in the URL: state.")},
		set(),
		set(),
	] with input as compared([fixtures.comparison({"sameUrl": true, "sharedState": ["state"]}), again])
		with data.mcp.allowedElicitationOrigins as allowing
}

test_not_bound_to_user_warns_of_state_that_can_be_guessed if {
	levels == [
		set(),
		{of_comparison({"x204"}, "The state in the URLs of connect_account can be guessed: only 24 bits look random.")},
		set(),
	] with input as compared([fixtures.comparison({"stateBits": 24})]) with data.mcp.allowedElicitationOrigins as allowing
}

test_not_bound_to_user_notices_urls_without_state if {
	levels == [
		set(),
		set(),
		{of_comparison({"x204"}, "connect_account gave alice, bob the same URL without any state: the page behind it has to find out by login whose request it is.")},
	] with input as compared([fixtures.comparison({"sameUrl": true, "stateParameters": 0, "stateBits": null})])
		with data.mcp.allowedElicitationOrigins as allowing
}

test_not_bound_to_user_notices_state_that_is_used_twice if {
	levels == [
		set(),
		set(),
		{of_comparison({"x212"}, "connect_account used the same state in the URLs of two calls: state.")},
	] with input as compared([fixtures.comparison({}), again]) with data.mcp.allowedElicitationOrigins as allowing
}

test_not_bound_to_user_is_silent_about_urls_that_differ_without_state if {
	levels == silent with input as compared([fixtures.comparison({"stateParameters": 0, "stateBits": null})])
		with data.mcp.allowedElicitationOrigins as allowing
}

# What nobody saw.

test_not_exercised_denies_a_call_that_was_expected_to_ask if {
	facts := fixtures.but({"calls": [
		fixtures.call({}),
		fixtures.call({"at": "/spec/exercise/1", "elicited": 0, "evidence": ["x210"]}),
		fixtures.call({"at": "/spec/exercise/1", "declared": "form", "elicited": 0, "evidence": ["x211"]}),
	]})
	levels == [
		{placed("not-exercised", "/spec/exercise/1", {"x210", "x211"}, "The manifest expects an elicitation of this call, and none came, whatever the client declared.")},
		set(),
		set(),
	] with input as facts with data.mcp.allowedElicitationOrigins as allowing
}

test_not_exercised_denies_when_nothing_was_called if {
	facts := fixtures.but({
		"exercised": false,
		"calls": [],
		"requests": [],
		"answers": [],
		"comparisons": [],
		"couldElicit": ["manifest-expects", "manifest-declares-origins", "tool-text"],
	})
	levels == [
		{
			placed("not-exercised", "/spec/exercise", set(), "The manifest expects elicitations, and none of these calls was made."),
			placed("not-exercised", "/spec/declares/elicitationOrigins", set(), "The manifest declares origins that users are sent to, and no call made the server send anybody anywhere."),
		},
		set(),
		set(),
	] with input as facts with data.mcp.allowedElicitationOrigins as allowing
}

test_not_exercised_warns_when_only_a_tool_speaks_of_it if {
	facts := fixtures.declaring([], {"calls": [], "requests": [], "answers": [], "comparisons": [], "couldElicit": ["tool-text"]})
	levels == [
		set(),
		{placed("not-exercised", "/spec/exercise", set(), "Tools speak of asking the user, and no call made the server ask: choose_plan.")},
		set(),
	] with input as facts
}

test_not_exercised_is_silent_where_it_asked_unexpectedly if {
	facts := fixtures.but({"calls": [fixtures.call({"expected": false})], "couldElicit": ["manifest-declares-origins", "seen"]})
	levels == silent with input as facts with data.mcp.allowedElicitationOrigins as allowing
}
