"""Where a lead's chat stands, who may do what, and the desk's words."""
