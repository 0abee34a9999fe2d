"""One module for each deed: what it makes of a case, as plain values; `talks` and `desk` commit them."""
