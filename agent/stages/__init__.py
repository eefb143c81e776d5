"""What one round of the agent does, a file a stage; `sync` has their order."""
