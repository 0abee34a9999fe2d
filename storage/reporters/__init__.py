"""What is kept for reporters: drafts, receipts, talks."""
