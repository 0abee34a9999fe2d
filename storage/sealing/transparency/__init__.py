"""A transparency log's formats: the Merkle tree of RFC 6962, signed notes and checkpoints (C2SP)."""
