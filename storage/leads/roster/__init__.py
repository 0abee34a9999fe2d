"""Who is a lead: the roster under its MAC, invites, and what waits for two."""
