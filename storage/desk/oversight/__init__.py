"""Who looks at the house itself: going live, who read what, and what the recovery key opened."""
