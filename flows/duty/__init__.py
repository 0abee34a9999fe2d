"""When somebody is there, who is told of what and when, and when a concern is due."""
