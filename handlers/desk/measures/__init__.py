"""Whether it helps: the figures of a site, and its report."""
