"""The record of a case: who does what by when, what was decided and why, and who is in it."""
