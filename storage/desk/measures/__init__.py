"""What a lead's keys tell of many cases together, and what people said of how it was for them."""
