"""One deployment: its settings, its sites, its files, its process."""
