"""The organisation: enrols devices, takes decisions, publishes them signed, and counts what is met."""
