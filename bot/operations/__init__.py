"""For whoever runs Hark: figures, health, and the port they are read from. Nothing of any case or person is here."""
