"""The workstation: keeps the blocklist fresh, enforces it, says what was stopped."""
