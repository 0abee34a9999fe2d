"""What a lead does to a case: one module a kind of action."""
