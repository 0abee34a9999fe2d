"""What conversations are made of: plain frozen values, without rules and without files."""
