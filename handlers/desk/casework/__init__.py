"""What leads do with a case: who reads it, what is said and done, its record, and how it ends."""
