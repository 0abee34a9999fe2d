"""Passkeys: kept, added, removed and judged."""
