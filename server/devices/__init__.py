"""Endpoints: their tokens, enrolment, check-ins, statements, tickets and the long poll."""
