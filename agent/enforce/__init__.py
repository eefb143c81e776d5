"""What applies a blocklist to a workstation: one file a mechanism, and the choice between them."""
