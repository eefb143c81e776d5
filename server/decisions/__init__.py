"""Versions of the policy, and how one becomes the list in force."""
