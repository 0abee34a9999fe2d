"""A lead's duty: brief, rota, handover, team, notices."""
