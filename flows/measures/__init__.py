"""What may be told of many cases together: counts in, a publishable table out; terms; what is counted."""
