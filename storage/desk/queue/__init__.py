"""The queue of a lead: paged, counted and proved."""
