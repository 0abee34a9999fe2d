"""The rows of cases, shares and boxes, each with its MAC."""
