"""The conversations that the web chat holds in memory, and the updates that the bot takes from it."""
