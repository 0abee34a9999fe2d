"""`make bench`: ratios, measured in one run on one machine. Not a test, and never timed by one."""
