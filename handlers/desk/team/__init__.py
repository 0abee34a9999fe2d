"""`/team`: who reads here, what two decide about a colleague, invites, and past cases for whoever came later."""
