"""How a lead is proved: factors, throttling, sessions."""
