"""Commands around the offline key."""
