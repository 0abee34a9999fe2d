"""The reporter's side of a case: receipts, and the talk sessions that live in memory."""
