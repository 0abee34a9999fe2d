"""What a lead proves herself with: judged, and changed."""
