# METADATA
# title: Identifiers
# description: What makes the identifiers that a server gives out guessable, told from their statistics.
package mcp.identifiers

# A birthday's distance below what can be searched for.
least_bits := 64

# Reasons for which somebody could find an identifier by trying, or by counting on from his own.
weakness(ids) := {reason |
	some reason, present in {
		"some were given out twice": ids.distinct < ids.sampled,
		$"only {bits_of(ids)} bits look random": bits_of(ids) < least_bits,
		$"there is room for {room(ids)} bits at most": all_of([unjudged(ids), ids.sampled > 0, room(ids) < least_bits]),
		"each counts on from the one before": all_of([ids.counter, any_of([unjudged(ids), bits_of(ids) < least_bits])]),
		"a part is the time of issue": all_of([ids.time, bits_of(ids) < least_bits]),
		"some hold other characters than visible ASCII": ids.visibleAscii == false,
	}
	present
}

# Too few were seen to say what looks random; their length and the order they come in say something all the same.
unjudged(ids) := ids.randomBits == null

# Bits that an identifier could hold if all of it were random, rounded up.
room(ids) := ids.maxLength * object.get(bits_each, ids.alphabet, 8)

bits_each := {
	"digits": 4,
	"hex": 4,
	"lower-alphanumeric": 6,
	"alphanumeric": 6,
	"base64url": 6,
	"printable": 7,
}

any_of(conditions) := count([condition | some condition in conditions; condition]) > 0

all_of(conditions) := count([condition | some condition in conditions; not condition]) == 0

bits_of(ids) := ids.randomBits if {
	ids.randomBits != null
} else := least_bits
