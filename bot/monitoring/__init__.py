"""What whoever runs Hark may know of it: health and metrics, never a case or a person."""
