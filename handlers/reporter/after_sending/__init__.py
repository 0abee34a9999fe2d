"""What somebody does with a concern that is sent: returns, reads, answers, adds files, says how it went."""
