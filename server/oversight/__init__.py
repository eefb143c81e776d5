"""What comes in from endpoints, and what is kept of it."""
