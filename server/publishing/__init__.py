"""A compiled blocklist becomes a signed repository: keys, roles, renewal, the browser's package."""
