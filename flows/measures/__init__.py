"""What is shown of how well it works: figures, and the pictures and papers that are drawn of them."""
"""What may be told of many cases together: counts in, a publishable table out; terms; what is counted."""
