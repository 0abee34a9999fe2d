"""age files (C2SP), in which the recovery key gets its wraps."""
