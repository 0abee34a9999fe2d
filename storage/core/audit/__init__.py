"""The audit log: the tree over its rows, the checkpoints that are handed out, and checking it against them."""
