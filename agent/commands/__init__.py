"""The commands of `sluis-agent`, a file a group; `cli` has their table."""
