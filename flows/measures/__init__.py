"""What is shown of how well it works: figures, and the pictures and papers that are drawn of them."""
