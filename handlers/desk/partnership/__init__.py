"""Working with others: parts of a case for partners, whole files for other schools, and what is wanted together."""
