# METADATA
# title: Where in the manifest a finding belongs
# description: JSON pointers to what somebody edits to get rid of a finding.
package mcp.place

# The line that says which server is meant.
run := "/spec/run/url" if input.candidate.run == "url"

else := "/spec/run/command"

# The line that says how the server is reached.
transport := "/spec/transport"
