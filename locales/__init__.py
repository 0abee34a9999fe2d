"""gettext catalogues, and the tools that extract, update, check and compile them."""
