"""What `hark doctor` looks at, one module for each part; each only looks, and changes nothing."""
