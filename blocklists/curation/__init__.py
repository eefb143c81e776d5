"""What those who keep the catalogue use: compare, search, count, judge and add.

- `judged` knows what became of every candidate, with the reason.
- `public_lists` reads the lists of others, `coverage` holds them against the catalogue.
- `difference` compares two catalogues, and says when one shrinks.
- `searching` finds services, `statistics` counts them and names what is stale.
- `describing` gives a service with all its facts, for people and as plain values.
- `writing` makes service files of facts.
"""
