"""The ground: what is blocked, and what the two sides say to each other.

No network, no clock and no storage here: time and randomness are passed in.
"""
