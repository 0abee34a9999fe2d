"""What is urgent: crisis phrases, risk rules, and the urgency that follows."""
