"""Passkeys (WebAuthn): their ceremonies, and how what their PRF gives opens a lead's seed."""
