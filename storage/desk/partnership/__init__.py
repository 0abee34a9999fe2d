"""Working with others as it is kept: shares, whole files for other schools, and what is written together."""
