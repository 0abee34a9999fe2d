"""What a lead is putting together, in memory only, until it is sent."""
