"""The counter (R42): an identity is confirmed there; two registrations of one person."""
